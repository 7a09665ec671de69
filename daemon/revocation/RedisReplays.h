#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "changebank/daemon/revocation/RedisConnection.h"
#include "changebank/daemon/revocation/ReportedFailures.h"
#include "changebank/daemon/settings/values/RedisAddress.h"
#include "changebank/security/dpop/SharedReplays.h"

namespace changebank::daemon {

/// Shares the uses of DPoP proofs with other processes by Redis or Valkey (`SET … NX PX`), on a thread of its
/// own, which sends all uses that wait at once. While the server is known to be out of reach nobody waits for
/// it.
class RedisReplays : public security::SharedReplays {
public:
    struct Options {
        RedisAddress address;
        /// Of an ACL user; empty: the default user. An empty password: no AUTH.
        std::string user{};
        std::string password{};
        /// PEM file with the trusted authorities for rediss://; empty: the system's.
        std::string caFile{};
        /// For connecting, and for the answers to the uses that are sent at once.
        std::chrono::milliseconds timeout{2000};
        /// Further uses are Outcome::unavailable.
        std::size_t maxWaiting = 10'000;

        friend bool operator==(const Options&, const Options&) = default;
    };

    /// Keys begin with it.
    static constexpr const char* keyPrefix = "changebank:dpop:";

    /// Called on the thread of this object with a line for the log. Must not call this object.
    using Report = std::function<void(bool isWarning, const std::string& text)>;

    /// Starts the thread; does not wait for the server. Uses wait for the first connection.
    RedisReplays(Options options, Report report);
    /// Ends the thread within milliseconds, whatever the server does; uses that wait are unavailable. Not to
    /// be called on that thread, by `ended` for instance. Places may outlive this object.
    ~RedisReplays() override;
    RedisReplays(const RedisReplays&) = delete;
    RedisReplays& operator=(const RedisReplays&) = delete;

    Joined insert(Use use, std::function<void()> ended) override;
    std::chrono::milliseconds maxWait() const override { return 2 * _options.timeout; }

    const Options& options() const noexcept { return _options; }

    struct Status {
        /// Whether the server answers.
        bool isUp = false;
        /// Why it does not; empty if it does.
        std::string failure;
        /// How many uses had each outcome.
        std::uint64_t inserted = 0;
        std::uint64_t replayed = 0;
        std::uint64_t unavailable = 0;
    };
    Status status() const;

private:
    class Entry;
    class Waiting;
    using Entries = std::vector<std::shared_ptr<Entry>>;
    using Failure = RedisConnection::Failure;
    using Outcomes = std::variant<std::vector<Outcome>, Failure>;

    void run();
    /// Serves on one connection, until it fails or the end. Returns why it failed.
    Failure serve(RedisConnection& connection);
    std::optional<Failure> open(RedisConnection& connection, RedisConnection::Deadline deadline) const;
    Outcomes send(RedisConnection& connection, const Entries& entries) const;
    Outcomes sendOnce(RedisConnection& connection, const Entries& entries,
                      RedisConnection::Deadline deadline) const;

    /// Waits for uses. Empty only at the end.
    Entries take();
    void end(const Entries& entries, const std::vector<Outcome>& outcomes);
    void giveUp(const Entries& entries);
    void setUp();
    /// Ends all who wait.
    void setDown(const Failure& failure);

    const Options _options;
    const Report _report;
    std::stop_source _stopping;

    /// Guards the next ones.
    mutable std::mutex _mutex;
    std::condition_variable_any _changed;
    std::deque<std::shared_ptr<Entry>> _queue;
    bool _isDown = false;
    Status _status;
    ReportedFailures _reported;

    std::thread _thread;
};

}  // namespace changebank::daemon
