#include "changebank/security/keys/RemoteJwkSet.h"

#include <pthread.h>

#include <algorithm>
#include <new>
#include <utility>

namespace changebank::security {

namespace {

std::shared_ptr<const KeySnapshot> withoutKeys(std::uint64_t generation, Cause cause) {
    return std::make_shared<const KeySnapshot>(KeySnapshot{nullptr, generation, cause});
}

std::chrono::milliseconds milliseconds(Clock::Monotonic::duration duration) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration);
}

}  // namespace

/// The callback is called and removed with the mutex held, so not after the place was destroyed.
class RemoteJwkSet::FetchPlace : public KeySource::Place {
public:
    explicit FetchPlace(RemoteJwkSet& keys) : _keys(keys) {}
    FetchPlace(const FetchPlace&) = delete;
    FetchPlace& operator=(const FetchPlace&) = delete;
    ~FetchPlace() override {
        const std::lock_guard lock(_keys._mutex);
        _keys._places.erase(this);
    }

private:
    RemoteJwkSet& _keys;
};

RemoteJwkSet::RemoteJwkSet(Options options, std::unique_ptr<JwksFetcher> fetcher, Clock& clock)
    : _address(std::move(options.address)),
      _maxKeys(options.maxKeys),
      _observer(std::move(options.observer)),
      _fetcher(std::move(fetcher)),
      _clock(clock),
      _snapshot(withoutKeys(0, Cause::keysUnreachable)),
      _schedule(std::move(options.schedule), clock.monotonic()),
      _snapshotFile(std::move(options.snapshotFile)),
      _maxWaiters(options.maxWaiters) {}

RemoteJwkSet::~RemoteJwkSet() {
    stop();
}

void RemoteJwkSet::start() {
    auto read = loadSnapshot(_snapshotFile, _schedule.options().timeout);
    if (auto* loaded = std::get_if<LoadedKeys>(&read)) {
        const std::lock_guard lock(_mutex);
        read = restore(std::move(*loaded));
    }
    if (const auto* event = std::get_if<Event>(&read)) report(*event);
    _thread = std::thread([this] {
        ::pthread_setname_np(::pthread_self(), "key-refresh");
        run();
    });
}

void RemoteJwkSet::stop() {
    {
        const std::lock_guard lock(_mutex);
        _stopping = true;
        endWaits();
    }
    _stopSource.request_stop();
    _wakeUp.notify_all();
    if (_thread.joinable()) _thread.join();
}

void RemoteJwkSet::reconfigure(RefreshSchedule::Options schedule, std::string snapshotFile) {
    // Loaded before the lock is taken, so that requests that wait for keys do not wait for the disk.
    auto read = current()->keys ? LoadResult() : loadSnapshot(snapshotFile, schedule.timeout);
    {
        const std::lock_guard lock(_mutex);
        const auto before = current();
        if (_lastGood && (before->keys || snapshotFile != _snapshotFile)) _dirty = true;
        _snapshotFile = std::move(snapshotFile);
        _schedule.reschedule(std::move(schedule), _clock.monotonic());
        if (!before->keys && _schedule.confirmedAt()) {
            serve(_lastGood, before->generation + 1);
            read = Event{Event::Outcome::restored, _lastGood->summary()};
        } else if (auto* loaded = std::get_if<LoadedKeys>(&read); loaded && !before->keys) {
            read = restore(std::move(*loaded));
        }
    }
    _wakeUp.notify_all();
    if (const auto* event = std::get_if<Event>(&read)) report(*event);
}

std::shared_ptr<const KeySnapshot> RemoteJwkSet::current() const {
    return _snapshot.load();
}

std::uint64_t RemoteJwkSet::generation() const {
    return _snapshot.load()->generation;
}

bool RemoteJwkSet::mayRefetch(FetchReason reason) const {
    const std::lock_guard lock(_mutex);
    return mayFetch(reason);
}

std::shared_ptr<const KeySnapshot> RemoteJwkSet::refetch(FetchReason reason, std::uint64_t seen) {
    std::unique_lock lock(_mutex);
    if (auto snapshot = beginWait(reason, seen)) return snapshot;
    waitForFetch(lock);
    return current();
}

KeySource::Joined RemoteJwkSet::join(FetchReason reason, std::uint64_t seen, std::function<void()> ended) {
    // Before the lock, which its destructor takes.
    auto place = std::make_unique<FetchPlace>(*this);
    const std::lock_guard lock(_mutex);
    if (auto snapshot = beginWait(reason, seen)) return snapshot;
    _places.emplace(place.get(), std::move(ended));
    return place;
}

std::chrono::milliseconds RemoteJwkSet::maxWait() const {
    const std::lock_guard lock(_mutex);
    return _schedule.options().timeout;
}

void RemoteJwkSet::setMaxWaiters(std::size_t maxWaiters) {
    const std::lock_guard lock(_mutex);
    _maxWaiters = maxWaiters;
}

std::optional<std::string> RemoteJwkSet::refreshNow() {
    std::unique_lock lock(_mutex);
    if (!isFetching()) request();
    if (!waitForFetch(lock)) return "no response in time";
    if (_lastError.empty()) return std::nullopt;
    return _lastError;
}

void RemoteJwkSet::requestRefresh() {
    const std::lock_guard lock(_mutex);
    request();
}

std::chrono::seconds RemoteJwkSet::retryAfter() const {
    const std::lock_guard lock(_mutex);
    const auto left = std::chrono::ceil<std::chrono::seconds>(_schedule.nextRefresh() - _clock.monotonic());
    return std::max(left, std::chrono::seconds(1));
}

RemoteJwkSetStatus RemoteJwkSet::status() const {
    const std::lock_guard lock(_mutex);
    const auto now = _clock.monotonic();
    RemoteJwkSetStatus status = _counts;
    const auto snapshot = current();
    status.generation = snapshot->generation;
    status.keys = snapshot->keys;
    if (snapshot->keys && _schedule.confirmedAt()) status.age = milliseconds(now - *_schedule.confirmedAt());
    status.nextRefresh = std::max(milliseconds(_schedule.nextRefresh() - now), std::chrono::milliseconds(0));
    status.fetching = isFetching();
    status.waiters = waiters();
    status.lastError = _lastError;
    return status;
}

/// An unknown key id may join a fetch under way; an invalid signature may not, since anybody can make one.
bool RemoteJwkSet::mayFetch(FetchReason reason) const {
    if (_stopping) return false;
    if (isFetching()) return reason != FetchReason::signatureInvalid;
    return _schedule.grantsTokenFetch(_clock.monotonic());
}

/// Returns a snapshot if there is nothing to wait for; else makes sure that a fetch is under way.
std::shared_ptr<const KeySnapshot> RemoteJwkSet::beginWait(FetchReason reason, std::uint64_t seen) {
    if (current()->generation != seen || !mayFetch(reason)) return current();
    if (waiters() >= _maxWaiters) return withoutKeys(current()->generation, Cause::keysBusy);
    if (!isFetching()) {
        _schedule.spendTokenFetch(_clock.monotonic());
        request();
    }
    return nullptr;
}

std::size_t RemoteJwkSet::waiters() const {
    return _waitingThreads + _places.size();
}

void RemoteJwkSet::endWaits() {
    for (const auto& [place, ended] : std::exchange(_places, {}))
        ended();
    _finished.notify_all();
}

void RemoteJwkSet::request() {
    _requested = true;
    _wakeUp.notify_all();
}

/// Waits for the end of the fetch under way; returns false after the timeout.
bool RemoteJwkSet::waitForFetch(std::unique_lock<std::mutex>& lock) {
    const auto fetch = _fetches;
    const auto deadline = _clock.monotonic() + _schedule.options().timeout;
    ++_waitingThreads;
    while (_fetches == fetch && !_stopping && _clock.monotonic() < deadline) {
        _clock.waitUntil(lock, _finished, deadline);
    }
    --_waitingThreads;
    return _fetches != fetch;
}

void RemoteJwkSet::run() {
    std::unique_lock lock(_mutex);
    while (!_stopping) {
        dropIfStale(lock);
        if (isDue()) fetch(lock);
        if (std::exchange(_dirty, false) && !_snapshotFile.empty()) persist(lock);
        if (!_stopping && !isDue() && !_dirty) _clock.waitUntil(lock, _wakeUp, wakeUpAt());
    }
}

bool RemoteJwkSet::isDue() const {
    return _requested || _clock.monotonic() >= _schedule.nextRefresh();
}

Clock::Monotonic RemoteJwkSet::wakeUpAt() const {
    const auto refresh = _schedule.nextRefresh();
    return std::min(refresh, _schedule.staleAt().value_or(refresh));
}

void RemoteJwkSet::fetch(std::unique_lock<std::mutex>& lock) {
    const bool forced = std::exchange(_requested, false);
    _fetching = true;
    const auto previous = _lastRead;
    const auto entityTag = _entityTag;
    const auto timeout = _schedule.options().timeout;
    lock.unlock();
    FetchResult result = FetchFailure{Cause::keysUnreachable, "out of memory"};
    auto response = JwksResponse::evaluate(result, previous.get(), bounds(timeout));
    try {
        result = _fetcher->fetch(entityTag, forced, timeout, _stopSource.get_token());
        response = JwksResponse::evaluate(result, previous.get(), bounds(timeout));
    } catch (const std::bad_alloc&) {
        // A large set, or other memory that is in use just now: the next fetch may succeed.
    }
    lock.lock();
    if (_stopping) return;

    if (response.keys) _lastRead = response.keys;
    const auto event =
        response.failure ? fail(*response.failure) : succeed(response, std::get<FetchedKeys>(result));
    _fetching = false;
    ++_fetches;
    endWaits();
    lock.unlock();
    report(event);
    lock.lock();
}

JwkSetBounds RemoteJwkSet::bounds(RefreshSchedule::Duration timeout) const {
    const auto deadline = _clock.monotonic() + timeout;
    return {_maxKeys, [this, deadline, stopping = _stopSource.get_token()] {
                return !stopping.stop_requested() && _clock.monotonic() < deadline;
            }};
}

RemoteJwkSet::Event RemoteJwkSet::succeed(const JwksResponse& response, FetchedKeys& fetched) {
    // Keys that are still to be checked are not left for the usual time, nor for as long as the set is the
    // same.
    const bool isComplete = !response.keys || response.keys->isComplete();
    _schedule.succeeded(_clock.monotonic(), isComplete ? fetched.maxAge : std::chrono::seconds(0));
    _lastError.clear();
    _counts.fromSnapshotFile = false;
    _confirmedAt = _clock.wall();
    const auto before = current();
    if (response.keys) {
        _entityTag = isComplete ? std::move(fetched.entityTag) : std::string();
        _document = std::move(fetched.document);
        _lastGood = response.keys;
    }
    _dirty = true;
    const bool isSame = before->keys && (!response.keys || response.keys->hasSameKeysAs(*before->keys));
    // The same keys keep their generation, so the tokens cached under them stay valid.
    serve(_lastGood, before->generation + (isSame ? 0 : 1));
    ++(isSame ? _counts.confirmed : _counts.replaced);
    return {isSame ? Event::Outcome::confirmed : Event::Outcome::replaced, _lastGood->summary()};
}

RemoteJwkSet::Event RemoteJwkSet::fail(const FetchFailure& failure) {
    _schedule.failed(_clock.monotonic());
    _lastError = failure.reason;
    _lastCause = failure.cause;
    ++_counts.failed;
    if (const auto before = current(); !before->keys) {
        _snapshot.store(withoutKeys(before->generation, failure.cause));
    }
    return {Event::Outcome::failed, failure.reason};
}

void RemoteJwkSet::dropIfStale(std::unique_lock<std::mutex>& lock) {
    const auto before = current();
    const auto staleAt = _schedule.staleAt();
    if (!before->keys || (staleAt && _clock.monotonic() < *staleAt)) return;
    _snapshot.store(withoutKeys(before->generation + 1, _lastCause));
    _schedule.dropped();
    _entityTag.clear();
    const auto reason = "the last good keys are too old to serve; last failure: " + _lastError;
    lock.unlock();
    report({Event::Outcome::dropped, reason});
    lock.lock();
}

RemoteJwkSet::LoadResult RemoteJwkSet::loadSnapshot(const std::string& path,
                                                    RefreshSchedule::Duration timeout) const {
    if (path.empty()) return {};
    auto read = KeySnapshotFile(path, _address).read();
    if (const auto* unreadable = std::get_if<KeySnapshotFile::Unreadable>(&read)) {
        if (unreadable->reason.empty()) return {};
        return Event{Event::Outcome::snapshotFailed, unreadable->reason};
    }
    auto& content = std::get<KeySnapshotFile::Content>(read);
    const auto parsed = JwkSet::parse(content.document, nullptr, bounds(timeout));
    const auto* keys = std::get_if<std::shared_ptr<const JwkSet>>(&parsed);
    if (!keys || (*keys)->empty()) {
        return Event{Event::Outcome::snapshotFailed, path + ": has no usable key"};
    }
    return LoadedKeys{*keys, std::move(content)};
}

RemoteJwkSet::Event RemoteJwkSet::restore(LoadedKeys loaded) {
    const auto age =
        std::chrono::duration_cast<RefreshSchedule::Duration>(_clock.wall() - loaded.content.confirmedAt);
    // A time in the future says nothing about the age; the clock may have been set back since.
    if (age < RefreshSchedule::Duration(0) || age >= _schedule.options().staleFor) {
        return {Event::Outcome::snapshotFailed, _snapshotFile + ": its keys are too old to serve"};
    }
    _schedule.restored(_clock.monotonic(), age);
    _lastGood = std::move(loaded.keys);
    _lastRead = _lastGood;
    _document = std::move(loaded.content.document);
    _confirmedAt = loaded.content.confirmedAt;
    _counts.fromSnapshotFile = true;
    serve(_lastGood, current()->generation + 1);
    return {Event::Outcome::restored, _lastGood->summary()};
}

void RemoteJwkSet::serve(std::shared_ptr<const JwkSet> keys, std::uint64_t generation) {
    _snapshot.store(
        std::make_shared<const KeySnapshot>(KeySnapshot{std::move(keys), generation, Cause::keysUnusable}));
}

void RemoteJwkSet::persist(std::unique_lock<std::mutex>& lock) {
    const KeySnapshotFile file(_snapshotFile, _address);
    const KeySnapshotFile::Content content{_document, _confirmedAt};
    lock.unlock();
    const auto failure = file.write(content);
    if (failure) report({Event::Outcome::snapshotFailed, *failure});
    lock.lock();
    _counts.snapshotError = failure.value_or(std::string());
}

void RemoteJwkSet::report(const Event& event) const {
    if (_observer) _observer(event);
}

}  // namespace changebank::security
