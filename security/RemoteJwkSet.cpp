#include "security/RemoteJwkSet.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "security/JwkSet.h"
#include "security/KeySnapshotFile.h"

namespace changebank::security {

namespace {

using Event = RemoteJwkSet::Event;

std::shared_ptr<const KeySnapshot> withoutKeys(std::uint64_t generation, Cause cause) {
    return std::make_shared<const KeySnapshot>(KeySnapshot{nullptr, generation, cause});
}

std::string describe(const JwkSet& keys) {
    std::string text = std::to_string(keys.keys().size()) + " keys";
    if (!keys.skipped().empty()) {
        text += ", " + std::to_string(keys.skipped().size()) + " skipped:";
        constexpr std::size_t most = 5;
        for (std::size_t i = 0; i < std::min(most, keys.skipped().size()); ++i) {
            const auto& skipped = keys.skipped()[i];
            text += " " + quoteJson(skipped.keyId.substr(0, 64)) + " (" + skipped.reason + ")";
        }
    }
    return text;
}

/// A good answer: the keys, or none where the endpoint confirmed those at hand.
struct GoodAnswer {
    std::shared_ptr<const JwkSet> keys;
};

using Judged = std::variant<GoodAnswer, FetchFailure>;

Judged judge(const FetchedKeys& fetched, const JwkSet* previous) {
    if (fetched.notModified) {
        if (previous) return GoodAnswer{};
        return FetchFailure{Cause::keysStatus, "the answer has status 304, but there are no keys to keep"};
    }
    const auto parsed = JwkSet::parse(fetched.document, previous);
    if (const auto* cause = std::get_if<Cause>(&parsed)) {
        return FetchFailure{*cause, *cause == Cause::keysNotJson
                                        ? "the answer is not JSON, or larger or deeper than a key set"
                                        : "the answer has no array \"keys\" of objects"};
    }
    auto keys = std::get<std::shared_ptr<const JwkSet>>(parsed);
    if (keys->empty()) return FetchFailure{Cause::keysUnusable, "no usable key: " + describe(*keys)};
    return GoodAnswer{std::move(keys)};
}

}  // namespace

/// The state behind a RemoteJwkSet and the thread that changes it. Everything below the mutex is guarded by
/// it, except what only the thread touches.
class RemoteJwkSet::Refresher {
public:
    Refresher(Options options, std::unique_ptr<JwksFetcher> fetcher, Clock& clock)
        : _options(std::move(options)),
          _fetcher(std::move(fetcher)),
          _clock(clock),
          _file(_options.snapshotFile, _options.address),
          _snapshot(withoutKeys(0, Cause::keysUnreachable)),
          _schedule(_options.schedule, clock.monotonic()) {}

    ~Refresher() { stop(); }
    Refresher(const Refresher&) = delete;
    Refresher& operator=(const Refresher&) = delete;

    void start() {
        if (!_options.snapshotFile.empty()) restore();
        _thread = std::thread([this] { run(); });
    }

    void stop() {
        {
            const std::lock_guard lock(_mutex);
            _stopping = true;
        }
        _wakeUp.notify_all();
        _finished.notify_all();
        if (_thread.joinable()) _thread.join();
    }

    std::shared_ptr<const KeySnapshot> current() const { return _snapshot.load(); }

    bool mayRefetch(bool signatureFailed) const {
        const std::lock_guard lock(_mutex);
        return mayFetch(signatureFailed);
    }

    std::shared_ptr<const KeySnapshot> refetch(bool signatureFailed) {
        std::unique_lock lock(_mutex);
        if (mayFetch(signatureFailed)) {
            if (!isFetching()) {
                _schedule.spendTokenFetch(_clock.monotonic());
                request();
            }
            waitForFetch(lock);
        }
        return current();
    }

    std::optional<std::string> refreshNow() {
        std::unique_lock lock(_mutex);
        if (!isFetching()) request();
        if (!waitForFetch(lock)) return "no answer in time";
        if (_lastError.empty()) return std::nullopt;
        return _lastError;
    }

    std::chrono::seconds retryAfter() const {
        const std::lock_guard lock(_mutex);
        const auto left =
            std::chrono::ceil<std::chrono::seconds>(_schedule.nextRefresh() - _clock.monotonic());
        return std::max(left, std::chrono::seconds(1));
    }

    RemoteJwkSetStatus status() const {
        const std::lock_guard lock(_mutex);
        const auto now = _clock.monotonic();
        const auto milliseconds = [](auto duration) {
            return std::chrono::duration_cast<std::chrono::milliseconds>(duration);
        };
        RemoteJwkSetStatus status = _counts;
        const auto snapshot = current();
        status.generation = snapshot->generation;
        status.keys = snapshot->keys;
        if (snapshot->keys && _schedule.confirmedAt())
            status.age = milliseconds(now - *_schedule.confirmedAt());
        status.nextRefresh =
            std::max(milliseconds(_schedule.nextRefresh() - now), std::chrono::milliseconds(0));
        status.fetching = isFetching();
        status.lastError = _lastError;
        return status;
    }

private:
    bool isFetching() const { return _requested || _fetching; }

    /// An unknown key id may join a fetch under way; a failed signature may not, since everybody can make
    /// one.
    bool mayFetch(bool signatureFailed) const {
        if (_stopping) return false;
        if (isFetching()) return !signatureFailed && _waiters < _options.maxWaiters;
        return _schedule.grantsTokenFetch(_clock.monotonic());
    }

    void request() {
        _requested = true;
        _wakeUp.notify_all();
    }

    /// Waits for the end of the fetch under way; false if the deadline came first.
    bool waitForFetch(std::unique_lock<std::mutex>& lock) {
        const auto fetch = _fetches;
        const auto deadline = _clock.monotonic() + _options.schedule.timeout;
        ++_waiters;
        while (_fetches == fetch && !_stopping && _clock.monotonic() < deadline) {
            _clock.waitUntil(lock, _finished, deadline);
        }
        --_waiters;
        return _fetches != fetch;
    }

    void run() {
        std::unique_lock lock(_mutex);
        while (!_stopping) {
            const auto now = _clock.monotonic();
            dropIfStale(lock, now);
            if (_requested || now >= _schedule.nextRefresh()) {
                fetch(lock);
                continue;
            }
            auto wakeUpAt = _schedule.nextRefresh();
            if (const auto staleAt = _schedule.staleAt()) wakeUpAt = std::min(wakeUpAt, *staleAt);
            _clock.waitUntil(lock, _wakeUp, wakeUpAt);
        }
    }

    void fetch(std::unique_lock<std::mutex>& lock) {
        const bool forced = std::exchange(_requested, false);
        _fetching = true;
        lock.unlock();
        auto result = _fetcher->fetch(_entityTag, forced, _options.schedule.timeout);
        auto judged = judgeResult(result);
        lock.lock();

        Event event;
        if (const auto* failure = std::get_if<FetchFailure>(&judged)) {
            event = fail(*failure);
        } else {
            event = succeed(std::get<GoodAnswer>(judged), std::get<FetchedKeys>(result));
        }
        _fetching = false;
        ++_fetches;
        _finished.notify_all();

        const bool isGood = event.outcome != Event::Outcome::failed;
        lock.unlock();
        report(event);
        if (isGood && !_options.snapshotFile.empty()) keep();
        lock.lock();
    }

    Judged judgeResult(const FetchResult& result) const {
        if (const auto* failure = std::get_if<FetchFailure>(&result)) return *failure;
        return judge(std::get<FetchedKeys>(result), _lastGood.get());
    }

    Event succeed(const GoodAnswer& answer, FetchedKeys& fetched) {
        _schedule.succeeded(_clock.monotonic(), fetched.maxAge);
        _lastError.clear();
        _counts.fromSnapshotFile = false;
        _confirmedAt = _clock.wall();
        const auto before = current();
        if (answer.keys) {
            _entityTag = std::move(fetched.entityTag);
            _document = std::move(fetched.document);
        }
        const bool isSame = before->keys && (!answer.keys || answer.keys->hasSameKeysAs(*before->keys));
        if (answer.keys) _lastGood = answer.keys;
        // The same keys keep their generation, and with it what was remembered under them.
        const auto generation = before->generation + (isSame ? 0 : 1);
        _snapshot.store(
            std::make_shared<const KeySnapshot>(KeySnapshot{_lastGood, generation, Cause::keysUnusable}));
        ++(isSame ? _counts.confirmed : _counts.replaced);
        return {isSame ? Event::Outcome::confirmed : Event::Outcome::replaced, describe(*_lastGood)};
    }

    Event fail(const FetchFailure& failure) {
        _schedule.failed(_clock.monotonic());
        _lastError = failure.reason;
        _lastCause = failure.cause;
        ++_counts.failed;
        if (const auto before = current(); !before->keys) {
            _snapshot.store(withoutKeys(before->generation, failure.cause));
        }
        return {Event::Outcome::failed, failure.reason};
    }

    void dropIfStale(std::unique_lock<std::mutex>& lock, Clock::Monotonic now) {
        const auto staleAt = _schedule.staleAt();
        if (!staleAt || now < *staleAt) return;
        _snapshot.store(withoutKeys(current()->generation + 1, _lastCause));
        _schedule.dropped();
        _entityTag.clear();
        lock.unlock();
        report({Event::Outcome::dropped,
                "the last good keys are too old to serve; last failure: " + _lastError});
        lock.lock();
    }

    /// Runs before the thread starts.
    void restore() {
        auto read = _file.read();
        if (const auto* unreadable = std::get_if<KeySnapshotFile::Unreadable>(&read)) {
            if (!unreadable->reason.empty()) report({Event::Outcome::snapshotFailed, unreadable->reason});
            return;
        }
        auto& content = std::get<KeySnapshotFile::Content>(read);
        // A file from the future says nothing about its age; the clock may have been set back since.
        const auto age =
            std::chrono::duration_cast<RefreshSchedule::Duration>(_clock.wall() - content.confirmedAt);
        const auto parsed = JwkSet::parse(content.document);
        const auto* keys = std::get_if<std::shared_ptr<const JwkSet>>(&parsed);
        if (!keys || (*keys)->empty() || age < RefreshSchedule::Duration(0) ||
            age >= _options.schedule.staleFor) {
            report({Event::Outcome::snapshotFailed,
                    _options.snapshotFile + ": too old or without a usable key"});
            return;
        }
        const std::lock_guard lock(_mutex);
        _schedule.restored(_clock.monotonic(), age);
        _lastGood = *keys;
        _document = std::move(content.document);
        _confirmedAt = content.confirmedAt;
        _counts.fromSnapshotFile = true;
        _snapshot.store(std::make_shared<const KeySnapshot>(KeySnapshot{_lastGood, 1, Cause::keysUnusable}));
        report({Event::Outcome::restored, describe(*_lastGood)});
    }

    void keep() {
        const auto failure = _file.write({_document, _confirmedAt});
        if (failure) report({Event::Outcome::snapshotFailed, *failure});
        const std::lock_guard lock(_mutex);
        _counts.snapshotError = failure.value_or(std::string());
    }

    void report(const Event& event) const {
        if (_options.observer) _options.observer(event);
    }

    const Options _options;
    const std::unique_ptr<JwksFetcher> _fetcher;
    Clock& _clock;
    const KeySnapshotFile _file;

    std::atomic<std::shared_ptr<const KeySnapshot>> _snapshot;
    std::thread _thread;

    // Touched by the refreshing thread alone once it runs.
    std::shared_ptr<const JwkSet> _lastGood;
    std::string _entityTag;
    std::string _document;
    Clock::Wall _confirmedAt;

    mutable std::mutex _mutex;
    std::condition_variable _wakeUp;
    std::condition_variable _finished;
    RefreshSchedule _schedule;
    bool _requested = false;
    bool _fetching = false;
    bool _stopping = false;
    std::uint64_t _fetches = 0;
    unsigned _waiters = 0;
    std::string _lastError;
    Cause _lastCause = Cause::keysUnreachable;
    RemoteJwkSetStatus _counts;
};

RemoteJwkSet::RemoteJwkSet(Options options, std::unique_ptr<JwksFetcher> fetcher, Clock& clock)
    : _refresher(std::make_unique<Refresher>(std::move(options), std::move(fetcher), clock)) {}

RemoteJwkSet::~RemoteJwkSet() = default;

void RemoteJwkSet::start() {
    _refresher->start();
}

void RemoteJwkSet::stop() {
    _refresher->stop();
}

std::shared_ptr<const KeySnapshot> RemoteJwkSet::current() const {
    return _refresher->current();
}

bool RemoteJwkSet::mayRefetch(bool signatureFailed) const {
    return _refresher->mayRefetch(signatureFailed);
}

std::shared_ptr<const KeySnapshot> RemoteJwkSet::refetch(bool signatureFailed) {
    return _refresher->refetch(signatureFailed);
}

std::chrono::seconds RemoteJwkSet::retryAfter() const {
    return _refresher->retryAfter();
}

std::optional<std::string> RemoteJwkSet::refreshNow() {
    return _refresher->refreshNow();
}

RemoteJwkSetStatus RemoteJwkSet::status() const {
    return _refresher->status();
}

}  // namespace changebank::security
