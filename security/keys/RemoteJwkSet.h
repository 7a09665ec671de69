#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>

#include "changebank/base/system/Clock.h"
#include "changebank/base/system/Snapshot.h"
#include "changebank/security/keys/JwksFetcher.h"
#include "changebank/security/keys/JwksResponse.h"
#include "changebank/security/keys/KeySnapshotFile.h"
#include "changebank/security/keys/KeySource.h"
#include "changebank/security/keys/RefreshSchedule.h"

namespace changebank::security {

/// The state of a remote key set, for the operator. A copy, taken at one moment.
struct RemoteJwkSetStatus {
    std::uint64_t generation = 0;
    /// The keys in use; nullptr while there are none.
    std::shared_ptr<const JwkSet> keys;
    /// Time since the endpoint last confirmed the keys; std::nullopt while there are no keys.
    std::optional<std::chrono::milliseconds> age;
    /// Time until the next refresh; zero if it is due or under way.
    std::chrono::milliseconds nextRefresh{0};
    bool fetching = false;
    /// Requests that wait for the fetch.
    std::size_t waiters = 0;
    /// The last failure; empty after a good response.
    std::string lastError;
    /// The last failure to write the snapshot file; empty after a success.
    std::string snapshotError;
    /// Fetches by outcome since the start: new keys, the same keys, no good response.
    std::uint64_t replaced = 0;
    std::uint64_t confirmed = 0;
    std::uint64_t failed = 0;
    /// True while the keys are from the snapshot file and the endpoint has not confirmed them.
    bool fromSnapshotFile = false;
};

/// A key set that a background thread refreshes from an HTTP endpoint (RFC 7517 section 5) before it expires.
/// Readers take the current snapshot without a lock. One fetch runs at a time; requests that need one join
/// it. While the endpoint fails, the last good keys serve for `staleFor`; after that there are none, and
/// current() says why. A response without a usable key never replaces good keys. All members but start() and
/// stop() may be called from any thread.
class RemoteJwkSet : public KeySource {
public:
    /// The outcome of one fetch, for a log.
    struct Event {
        enum class Outcome { replaced, confirmed, failed, dropped, restored, snapshotFailed };
        Outcome outcome;
        /// One line for an operator. Key ids in it come from the key server and are escaped.
        std::string text;
    };

    struct Options {
        /// Ages, budgets and timeouts.
        RefreshSchedule::Options schedule{};
        /// The file for the last good document, for a cold start while the endpoint is down; empty: none.
        std::string snapshotFile{};
        /// The endpoint's address; a snapshot file of another address is not read.
        std::string address{};
        /// The maximum number of keys in a set; further ones are ignored.
        std::size_t maxKeys = JwkSetBounds().maxKeys;
        /// The maximum number of requests that wait for a fetch at the same time; further ones get
        /// Cause::keysBusy.
        std::size_t maxWaiters = 1'000;
        /// Called after each fetch, on the refreshing thread and without a lock held; also by start() and
        /// reconfigure(). May be empty. Must not throw.
        std::function<void(const Event&)> observer{};
    };

    RemoteJwkSet(Options options, std::unique_ptr<JwksFetcher> fetcher, Clock& clock = Clock::system());
    ~RemoteJwkSet() override;
    RemoteJwkSet(const RemoteJwkSet&) = delete;
    RemoteJwkSet& operator=(const RemoteJwkSet&) = delete;

    /// Loads the snapshot file if there is one, then starts the refreshing thread, which fetches at once.
    /// Call it once.
    void start();

    /// Ends a fetch under way and the refreshing thread. The keys stay as they are. May be called twice.
    void stop();

    /// Replaces Options::maxWaiters, for later requests.
    void setMaxWaiters(std::size_t maxWaiters);

    /// Replaces the schedule and the snapshot file (empty: none), also for the current keys. Fetches nothing,
    /// so it works while the endpoint fails: keys that had become too old serve again if `staleFor` is long
    /// enough now, or else those of the snapshot file. Keys in use are written to the snapshot file, whatever
    /// has become of it.
    void reconfigure(RefreshSchedule::Options schedule, std::string snapshotFile);

    std::shared_ptr<const KeySnapshot> current() const override;
    std::uint64_t generation() const override;
    bool mayRefetch(FetchReason reason) const override;
    std::shared_ptr<const KeySnapshot> refetch(FetchReason reason, std::uint64_t seen) override;
    Joined join(FetchReason reason, std::uint64_t seen, std::function<void()> ended) override;
    std::chrono::milliseconds maxWait() const override;
    std::chrono::seconds retryAfter() const override;

    /// Fetches regardless of the budget and waits for the end or the timeout. Returns why it failed, or
    /// std::nullopt after a good response.
    std::optional<std::string> refreshNow();

    /// Starts a fetch regardless of the budget and does not wait. A fetch under way may have begun before the
    /// keys changed: another one follows it.
    void requestRefresh();

    RemoteJwkSetStatus status() const;

private:
    bool isFetching() const { return _requested || _fetching; }
    bool mayFetch(FetchReason reason) const;
    std::shared_ptr<const KeySnapshot> beginWait(FetchReason reason, std::uint64_t seen);
    std::size_t waiters() const;
    void endWaits();
    void request();
    bool waitForFetch(std::unique_lock<std::mutex>& lock);

    void run();
    bool isDue() const;
    Clock::Monotonic wakeUpAt() const;
    void fetch(std::unique_lock<std::mutex>& lock);
    /// New keys are checked for at most `timeout`, and not after a stop.
    JwkSetBounds bounds(RefreshSchedule::Duration timeout) const;
    Event succeed(const JwksResponse& response, FetchedKeys& fetched);
    Event fail(const FetchFailure& failure);
    void dropIfStale(std::unique_lock<std::mutex>& lock);
    void persist(std::unique_lock<std::mutex>& lock);

    /// The keys of a snapshot file, or the event that says why they cannot serve; nothing if there is no
    /// file.
    struct LoadedKeys {
        std::shared_ptr<const JwkSet> keys;
        KeySnapshotFile::Content content;
    };
    using LoadResult = std::variant<std::monostate, LoadedKeys, Event>;
    LoadResult loadSnapshot(const std::string& path, RefreshSchedule::Duration timeout) const;
    Event restore(LoadedKeys loaded);
    void serve(std::shared_ptr<const JwkSet> keys, std::uint64_t generation);
    void report(const Event& event) const;

    const std::string _address;
    const std::size_t _maxKeys;
    const std::function<void(const Event&)> _observer;
    const std::unique_ptr<JwksFetcher> _fetcher;
    Clock& _clock;
    Snapshot<const KeySnapshot> _snapshot;
    std::thread _thread;
    /// Ends a fetch when stop() is called.
    std::stop_source _stopSource;

    /// Guards everything below.
    mutable std::mutex _mutex;
    std::condition_variable _wakeUp;
    std::condition_variable _finished;
    RefreshSchedule _schedule;
    std::string _snapshotFile;
    /// The last good keys, their document and its entity tag, and when the endpoint last confirmed them.
    std::shared_ptr<const JwkSet> _lastGood;
    /// The last keys that were read, even if none of them is usable: the next ones take results from it.
    std::shared_ptr<const JwkSet> _lastRead;
    std::string _document;
    std::string _entityTag;
    Clock::Wall _confirmedAt;
    /// True while they differ from the snapshot file.
    bool _dirty = false;
    bool _requested = false;
    bool _fetching = false;
    bool _stopping = false;
    std::uint64_t _fetches = 0;
    std::size_t _maxWaiters;
    /// Threads in waitForFetch(), and the callbacks of requests that wait without a thread.
    std::size_t _waitingThreads = 0;
    class FetchPlace;
    std::unordered_map<const FetchPlace*, std::function<void()>> _places;
    std::string _lastError;
    Cause _lastCause = Cause::keysUnreachable;
    RemoteJwkSetStatus _counts;
};

}  // namespace changebank::security
