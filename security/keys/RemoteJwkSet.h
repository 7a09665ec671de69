#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "changebank/base/system/Clock.h"
#include "changebank/base/system/Snapshot.h"
#include "changebank/security/keys/JwksFetcher.h"
#include "changebank/security/keys/JwksResponse.h"
#include "changebank/security/keys/KeySnapshotFile.h"
#include "changebank/security/keys/KeySource.h"
#include "changebank/security/keys/RefreshSchedule.h"

namespace changebank::security {

/// What an operator wants to know of a remote key set. A copy, taken at one moment.
struct RemoteJwkSetStatus {
    std::uint64_t generation = 0;
    /// The keys in use; nullptr while there are none.
    std::shared_ptr<const JwkSet> keys;
    /// Since the endpoint last confirmed the keys; none while there are no keys.
    std::optional<std::chrono::milliseconds> age;
    /// Until the next refresh is due; zero if it is due or under way.
    std::chrono::milliseconds nextRefresh{0};
    bool fetching = false;
    /// The last failure, if the endpoint has not answered well since; else empty.
    std::string lastError;
    /// The last failure to write the snapshot file, if it has not succeeded since; else empty.
    std::string snapshotError;
    /// Fetches by outcome since the start: new keys, the same keys again, no good answer.
    std::uint64_t replaced = 0;
    std::uint64_t confirmed = 0;
    std::uint64_t failed = 0;
    /// The keys came from the snapshot file, and the endpoint has not confirmed them since.
    bool fromSnapshotFile = false;
};

/// A key set that is kept fresh from an HTTP endpoint (RFC 7517 section 5), off the request path: a thread of
/// its own refreshes it ahead of its age; readers take the current snapshot without a lock. One fetch runs at
/// a time, however many ask for it. While the endpoint fails, the last good keys serve for `staleFor`; after
/// that there are none, and current() says why. An answer without a usable key never replaces a good set. All
/// members but start() and stop() may be called from any thread.
class RemoteJwkSet : public KeySource {
public:
    /// What one fetch came to, for a log.
    struct Event {
        enum class Outcome { replaced, confirmed, failed, dropped, restored, snapshotFailed };
        Outcome outcome;
        /// One line for an operator. Key ids in it come from the key server and are escaped.
        std::string text;
    };

    struct Options {
        /// Ages, budgets and deadlines.
        RefreshSchedule::Options schedule{};
        /// A file that keeps the last good document for a cold start while the endpoint is down; empty: none.
        std::string snapshotFile{};
        /// The endpoint's address, which the snapshot file is tied to.
        std::string address{};
        /// Requests that may wait for one fetch at the same time; one more is answered by the keys at hand.
        unsigned maxWaiters = 64;
        /// Called after each fetch on the refreshing thread, without a lock held; may be empty. Must not
        /// throw.
        std::function<void(const Event&)> observer{};
    };

    RemoteJwkSet(Options options, std::unique_ptr<JwksFetcher> fetcher, Clock& clock = Clock::system());
    ~RemoteJwkSet() override;
    RemoteJwkSet(const RemoteJwkSet&) = delete;
    RemoteJwkSet& operator=(const RemoteJwkSet&) = delete;

    /// Reads the snapshot file if there is one, then starts the refreshing thread, which fetches at once. To
    /// be called once.
    void start();

    /// Ends the refreshing thread, after a fetch under way. The keys stay as they are. Safe to call twice.
    void stop();

    /// Other ages, budgets and deadlines, and another snapshot file (empty: none), hold from now on, for the
    /// keys at hand too. Nothing is fetched for it, so it works while the endpoint fails: keys that had
    /// become too old to serve serve again where `staleFor` is long enough now, or else those of the snapshot
    /// file.
    void reconfigure(RefreshSchedule::Options schedule, std::string snapshotFile);

    std::shared_ptr<const KeySnapshot> current() const override;
    std::uint64_t generation() const override;
    bool mayRefetch(FetchReason reason) const override;
    std::shared_ptr<const KeySnapshot> refetch(FetchReason reason) override;
    std::chrono::seconds retryAfter() const override;

    /// Fetches because an operator says so, whatever the budget, and waits for the end or the deadline.
    /// Returns why it failed, or nothing if the endpoint answered with a good set.
    std::optional<std::string> refreshNow();

    RemoteJwkSetStatus status() const;

private:
    bool isFetching() const { return _requested || _fetching; }
    bool mayFetch(FetchReason reason) const;
    void request();
    bool waitForFetch(std::unique_lock<std::mutex>& lock);

    void run();
    bool isDue() const;
    Clock::Monotonic wakeUpAt() const;
    void fetch(std::unique_lock<std::mutex>& lock);
    Event succeed(const JwksResponse& response, FetchedKeys& fetched);
    Event fail(const FetchFailure& failure);
    void dropIfStale(std::unique_lock<std::mutex>& lock);
    void persist(std::unique_lock<std::mutex>& lock);

    /// The keys of a snapshot file, or the event that says why they cannot serve; nothing where no file is
    /// there.
    struct LoadedKeys {
        std::shared_ptr<const JwkSet> keys;
        KeySnapshotFile::Content content;
    };
    using LoadResult = std::variant<std::monostate, LoadedKeys, Event>;
    LoadResult loadSnapshot(const std::string& path) const;
    Event restore(LoadedKeys loaded);
    void serve(std::shared_ptr<const JwkSet> keys, std::uint64_t generation);
    void report(const Event& event) const;

    const std::string _address;
    const unsigned _maxWaiters;
    const std::function<void(const Event&)> _observer;
    const std::unique_ptr<JwksFetcher> _fetcher;
    Clock& _clock;
    Snapshot<const KeySnapshot> _snapshot;
    std::thread _thread;

    /// Guards everything below.
    mutable std::mutex _mutex;
    std::condition_variable _wakeUp;
    std::condition_variable _finished;
    RefreshSchedule _schedule;
    std::string _snapshotFile;
    /// The last good keys, their document and its entity tag, and when the endpoint last confirmed them.
    std::shared_ptr<const JwkSet> _lastGood;
    std::string _document;
    std::string _entityTag;
    Clock::Wall _confirmedAt;
    /// They are to be written to the snapshot file.
    bool _dirty = false;
    bool _requested = false;
    bool _fetching = false;
    bool _stopping = false;
    std::uint64_t _fetches = 0;
    unsigned _waiters = 0;
    std::string _lastError;
    Cause _lastCause = Cause::keysUnreachable;
    RemoteJwkSetStatus _counts;
};

}  // namespace changebank::security
