#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/settings/RedisAddress.h"
#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// Shares revocations with other processes by a stream in Redis or Valkey (6.2 or newer). Reads it on a thread
/// of its own, from the beginning at the start and after the stream was lost, from the last id after a lost
/// connection; publishes what the stream lacks.
class RevocationStream {
public:
    struct Options {
        RedisAddress address;
        /// Of an ACL user; empty: the default user. An empty password: no AUTH.
        std::string user;
        std::string password;
        /// The stream's key.
        std::string key = "changebank:revocations";
        /// For connecting, and for each answer.
        std::chrono::milliseconds timeout{2000};
        /// Entries that are older are cut off (XADD … MINID ~).
        std::chrono::seconds lifetime{24 * 60 * 60};
        /// PEM file with the trusted authorities for rediss://; empty: the system's.
        std::string caFile;

        friend bool operator==(const Options&, const Options&) = default;
    };

    /// Called on the stream's thread. None may call the stream.
    struct Observer {
        /// A revocation was read, this process's own included. Returns false if there was no room for it.
        std::function<bool(const security::Revocation&)> received;
        /// Those in effect, for a stream that has lost its entries.
        std::function<std::vector<security::Revocation>()> all;
        /// A line for the log.
        std::function<void(bool isWarning, const std::string& text)> report;
    };

    /// Starts the thread; does not wait for the server. `unpublished` may be missing in the stream: what the
    /// first reading does not find there is published.
    RevocationStream(Options options, Observer observer, std::vector<security::Revocation> unpublished,
                     Clock& clock = Clock::system());
    /// Ends the thread within milliseconds, whatever the server does.
    ~RevocationStream();
    RevocationStream(const RevocationStream&) = delete;
    RevocationStream& operator=(const RevocationStream&) = delete;

    /// Adds a revocation to the stream and waits for the server's answer, at most Options::timeout; from any
    /// thread. Returns why it failed, if it did: then it is published as soon as the server can be reached.
    std::optional<std::string> publish(const security::Revocation& revocation);

    struct Status {
        /// Whether everything in the stream has been read and the server answers.
        bool isUpToDate = false;
        /// When that was so last; std::nullopt: never.
        std::optional<Clock::Wall> lastUpToDate;
        /// Why it is not; empty if it is.
        std::string failure;
        /// Read so far, and entries that could not be read.
        std::uint64_t received = 0;
        std::uint64_t malformed = 0;
        /// Not yet confirmed by the stream.
        std::size_t unpublished = 0;
    };
    Status status() const;

    /// How long it has not been up to date; zero if it is.
    std::chrono::milliseconds outOfDateFor() const;

private:
    // The implementation's.
};

}  // namespace changebank::daemon
