#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/revocation/PendingRevocations.h"
#include "changebank/daemon/revocation/StreamId.h"
#include "changebank/daemon/settings/RedisAddress.h"
#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

class RedisStream;

/// Shares revocations with other processes by a stream in Redis or Valkey (6.2 or newer). Reads it on a
/// thread of its own, from the beginning at the start and after the stream was lost, from the last id after a
/// lost connection; publishes what the stream lacks. A stream was lost if it does not have the last entry
/// that was read from it any more: the server was restarted empty or with older data, or its data was
/// deleted.
///
/// The status goes by the clock; waits for the server take real time.
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
        /// Entries that are older are cut off by their ids, the server's time (XADD … MINID ~).
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
    /// thread. Does not wait while the server is known to be out of reach. Returns why it failed, if it did:
    /// then it is published as soon as the server can be reached.
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
    using Revocations = std::vector<security::Revocation>;
    using Failure = std::optional<std::string>;

    void run();
    /// Reads and publishes on one connection, until it fails or the end. Returns why it failed.
    std::string serve();
    /// Finds out whether the stream is the one that was read.
    Failure resume(RedisStream& stream);
    /// Reads once, and publishes once everything is read. `block` is how long to wait for an entry;
    /// afterwards how long to wait the next time.
    Failure advance(RedisStream& stream, std::chrono::milliseconds& block);
    Failure startAgainIfLost(RedisStream& stream, std::chrono::milliseconds& block);
    void startAgain();
    /// Returns false if there was no room for one.
    bool take(const security::Revocation& revocation);
    Failure publishPending(RedisStream& stream);
    Failure publishNow(const security::Revocation& revocation,
                       std::chrono::steady_clock::time_point deadline);
    Failure sendByPublisher(const security::Revocation& revocation,
                            std::chrono::steady_clock::time_point deadline);
    StreamId oldest() const;
    std::chrono::steady_clock::time_point answerDeadline() const;

    void setUpToDate();
    void setConnected();
    void setFailed(const std::string& failure, bool isOutOfReach);
    void reportMalformed();
    void pause(std::chrono::milliseconds duration);

    const Options _options;
    const Observer _observer;
    Clock& _clock;
    std::stop_source _stopping;
    PendingRevocations _pending;

    // The thread's.
    StreamId _last;
    bool _wasConnected = false;
    bool _isMalformedReported = false;

    /// Guards the next ones.
    mutable std::mutex _mutex;
    std::condition_variable_any _pausing;
    Status _status;
    Clock::Monotonic _upToDateAt;
    /// Why the server cannot be reached; empty: it can, or nobody knows.
    std::string _outOfReach;
    /// The failures that were reported since it was up to date.
    std::set<std::string> _reported;

    /// Guards the next ones.
    std::mutex _publishing;
    std::condition_variable _published;
    bool _isPublishing = false;

    /// For the one who publishes.
    std::unique_ptr<RedisStream> _publisher;
    std::thread _thread;
};

}  // namespace changebank::daemon
