#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/revocation/PendingRevocations.h"
#include "changebank/daemon/revocation/RedisStream.h"
#include "changebank/daemon/revocation/ReportedFailures.h"
#include "changebank/daemon/revocation/StreamId.h"
#include "changebank/daemon/settings/values/RedisAddress.h"
#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// Shares revocations with other processes by a stream in Redis or Valkey (6.2 or newer). Reads it on a
/// thread of its own, from the beginning at the start and after the stream was lost, from the last id after a
/// lost connection; publishes what the stream lacks. A stream was lost if it does not have the last entry
/// that was read from it any more: the server was restarted empty or with older data, or its data was
/// deleted. Each reading checks that. What the server confirmed and is not read back is published again.
///
/// A server that is read but refuses what is published leaves it up to date.
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
        /// Entries are cut off (XADD … MINID ~) when they were published that long before both the newest
        /// entry, by the server's time, and our clock. Must be at least as long as a revocation can be in
        /// effect after it was published: with how far issuedUpTo may be ahead of our clock.
        std::chrono::seconds lifetime{24 * 60 * 60};
        /// An entry of the stream with an instant that is further ahead of our clock is malformed.
        std::chrono::seconds maxAhead{60 * 60};
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

    /// Since when what is known counts as complete.
    struct Standing {
        /// As in Status.
        std::optional<Clock::Wall> lastUpToDate;
        /// Since when it is not up to date, if it is not; std::nullopt: from now on.
        std::optional<Clock::Monotonic> upToDateAt;
    };

    /// Starts the thread; does not wait for the server. `unpublished` may be missing in the stream: what the
    /// first reading does not find there is published. `standing` is that of the one whose place it takes,
    /// for the same address and key.
    RevocationStream(Options options, Observer observer, std::vector<security::Revocation> unpublished,
                     Clock& clock = Clock::system(), Standing standing = {});
    /// Ends the thread within milliseconds, whatever the server does.
    ~RevocationStream();
    RevocationStream(const RevocationStream&) = delete;
    RevocationStream& operator=(const RevocationStream&) = delete;

    using WhenFailed = PendingRevocations::WhenFailed;

    /// Adds a revocation to the stream and waits for the server's answer, at most Options::timeout; from any
    /// thread. Does not wait while the server is known to be out of reach. Returns why it failed, if it did:
    /// then it is published as soon as the server accepts it, or forgotten. One that the server got without
    /// an answer in time is read like those of others.
    std::optional<std::string> publish(const security::Revocation& revocation,
                                       WhenFailed whenFailed = WhenFailed::publishLater);

    /// Ends the waits of publish() and the thread, for good; from any thread. Does not wait.
    void interrupt();

    struct Status {
        /// Whether everything in the stream has been read and the server answers.
        bool isUpToDate = false;
        /// When that was so last; std::nullopt: never.
        std::optional<Clock::Wall> lastUpToDate;
        /// Why it is not; empty if it is.
        std::string failure;
        /// Why the unpublished could not be published last; empty if there is no such failure.
        std::string publishFailure{};
        /// Read so far, and entries that could not be read.
        std::uint64_t received = 0;
        std::uint64_t malformed = 0;
        /// Not yet confirmed by the stream.
        std::size_t unpublished = 0;
    };
    Status status() const;

    /// How long it has not been up to date; zero if it is.
    std::chrono::milliseconds outOfDateFor() const;

    /// For the successor.
    Standing standing() const;

private:
    using Revocations = std::vector<security::Revocation>;
    using Failure = std::optional<RedisConnection::Failure>;

    void run();
    /// Reads and publishes until reading fails, or the end. Returns why it failed.
    RedisConnection::Failure serve();
    /// After the connection was lost.
    void resume();
    /// Reads once, and publishes once everything is read. `block` is how long to wait for an entry;
    /// afterwards how long to wait the next time.
    Failure advance(RedisStream& stream, RedisStream& publisher, std::chrono::milliseconds& block);
    void startAgain();
    /// Returns false if there was no room for one.
    bool takeAll(const std::vector<RedisStream::Entry>& entries);
    bool take(const security::Revocation& revocation);
    bool isTooFarAhead(const security::Revocation& revocation) const;
    /// What the reading that began then should have found.
    void sendOverdueAgain(Clock::Monotonic readAt);
    void forgetExpired();
    void publishPending(RedisStream& publisher);
    Failure publishNow(const security::Revocation& revocation,
                       std::chrono::steady_clock::time_point deadline);
    Failure add(RedisStream& publisher, const Revocations& revocations,
                std::chrono::steady_clock::time_point deadline);
    /// Entries before that are cut off.
    StreamId oldest() const;
    std::chrono::steady_clock::time_point answerDeadline() const;

    void setUpToDate();
    void setConnected();
    void setNewest(StreamId id);
    void setFailed(const RedisConnection::Failure& failure, bool isOutOfReach);
    void setPublishFailed(const std::string& failure);
    void setPublished();
    void reportMalformed();
    void pause(std::chrono::milliseconds duration);

    const Options _options;
    const Observer _observer;
    Clock& _clock;
    std::stop_source _stopping;
    PendingRevocations _pending;

    // The thread's.
    RedisStream::Entry _last;
    bool _wasConnected = false;
    bool _isMalformedReported = false;
    bool _isOverdueReported = false;
    /// When the unpublished are tried again, and the pause after that.
    std::chrono::steady_clock::time_point _nextPublication;
    std::chrono::milliseconds _publicationPause{0};

    /// Guards the next ones.
    mutable std::mutex _mutex;
    std::condition_variable_any _pausing;
    Status _status;
    Clock::Monotonic _upToDateAt;
    /// Why the server cannot be reached; empty: it can, or nobody knows.
    std::string _outOfReach;
    /// The kinds of failures that were reported since it was up to date.
    ReportedFailures _reported;
    /// The latest id that was read or answered.
    StreamId _newest;

    /// Guards the next ones.
    std::mutex _publishing;
    std::condition_variable _published;
    bool _isPublishing = false;

    /// For the one who publishes.
    std::unique_ptr<RedisStream> _publisher;
    std::thread _thread;
};

}  // namespace changebank::daemon
