#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// Revocations on their way into a stream: each is unpublished, or sent, until it is read from the stream.
/// What was sent can still get lost with the server's memory, so it is known for that long. Of two for the
/// same tokens the later instant counts. Thread-safe.
class PendingRevocations {
public:
    using Revocations = std::vector<security::Revocation>;

    void addUnpublished(const Revocations& revocations);
    /// They are being sent to the server, or it has confirmed them.
    void setSent(const Revocations& revocations);
    /// It could not be sent. False if it was read from the stream meanwhile.
    bool setFailed(const security::Revocation& revocation);
    /// It is in the stream.
    void setRead(const security::Revocation& revocation);
    /// What was sent may be lost.
    void setAllUnpublished();
    /// Forgets those with an instant before this one, in seconds since 1970.
    void forgetBefore(std::int64_t instant);

    /// At most `limit` of the unpublished.
    Revocations unpublished(std::size_t limit) const;
    std::size_t unpublishedCount() const;

private:
    using Map = std::map<security::RevocationKey, security::Revocation>;

    static void merge(Map& map, const security::Revocation& revocation);
    static void settle(Map& map, const security::Revocation& revocation);

    mutable std::mutex _mutex;
    Map _unpublished;
    Map _sent;
};

}  // namespace changebank::daemon
