#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/revocation/RevocationFile.h"
#include "changebank/daemon/revocation/RevocationStream.h"
#include "changebank/security/revocation/RevocationList.h"

namespace changebank::daemon {

/// The revocations of this daemon: the list by which tokens are judged, the file that keeps it, and the stream
/// that shares it. Thread-safe.
class Revocations {
public:
    enum class Outcome : unsigned char {
        /// Written down and in effect.
        kept,
        /// It was in effect already, or concerns only expired tokens: nothing was written.
        unchanged,
        /// revocation.entries are in effect.
        full,
        /// It could not be written down: neither kept nor in effect. `why` says it.
        notWritten,
        /// Neither revocation.file nor revocation.redis is set.
        off,
    };
    struct Result {
        Outcome outcome;
        std::string why{};
    };

    /// Writes the revocation down, puts it into effect and shares it. May wait for the disk and for Redis.
    /// The revocation has no fault().
    Result revoke(const security::Revocation& revocation);

    struct Status {
        bool isOn = false;
        security::RevocationList::Counters list;
        /// Empty: none.
        std::string file;
        /// std::nullopt: none.
        std::optional<RevocationStream::Status> stream;
        std::string streamAddress;
        /// False: requests are refused, since the stream has been out of reach for too long.
        bool isAvailable = true;
    };
    Status status() const;

    std::vector<security::Revocation> find(const std::function<bool(const security::Revocation&)>& matches,
                                           std::size_t limit) const;
};

}  // namespace changebank::daemon
