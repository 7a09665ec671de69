#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// Revocations on their way into a stream: each is unpublished, being tried, or sent, until it is read from
/// the stream. What was sent can still get lost with the server's memory, so it is known for that long. Of
/// two for the same tokens the later instant counts. Thread-safe.
class PendingRevocations {
public:
    using Revocations = std::vector<security::Revocation>;
    using Time = std::chrono::steady_clock::time_point;
    /// Of one that is being tried.
    using Attempt = std::uint64_t;

    enum class WhenFailed : unsigned char {
        /// It stays here, unpublished.
        publishLater,
        forget,
    };

    void addUnpublished(const Revocations& revocations);
    /// It is being sent by somebody who says how that ended, by one of the next two. Meanwhile nobody else
    /// sends it.
    Attempt start(const security::Revocation& revocation);
    /// The server has confirmed it.
    void setConfirmed(Attempt attempt, Time now);
    /// False if it was read from the stream meanwhile, so that it has not failed.
    bool setFailed(Attempt attempt, WhenFailed whenFailed);
    /// The server has confirmed them.
    void setSent(const Revocations& revocations, Time now);
    /// It is in the stream.
    void setRead(const security::Revocation& revocation);
    /// What was sent may be lost.
    void setAllUnpublished();
    /// What was sent before that time is lost. Returns how many.
    std::size_t setUnpublishedIfSentBefore(Time time);
    /// Forgets those with an instant before this one, in seconds since 1970.
    void forgetBefore(std::int64_t instant);

    bool wasSomeSentBefore(Time time) const;
    /// At most `limit` of the unpublished.
    Revocations unpublished(std::size_t limit) const;
    std::size_t unpublishedCount() const;

private:
    struct Pending {
        security::Revocation revocation;
        /// When it was sent; of no meaning for the unpublished.
        Time since{};
    };
    using Map = std::map<security::RevocationKey, Pending>;

    static void merge(Map& map, const Pending& pending);
    static void settle(Map& map, const security::Revocation& revocation);
    void keepSent(const security::Revocation& revocation, Time now);

    mutable std::mutex _mutex;
    Map _unpublished;
    Map _sent;
    /// As many as threads publish at once.
    std::map<Attempt, security::Revocation> _tried;
    Attempt _lastAttempt = 0;
};

}  // namespace changebank::daemon
