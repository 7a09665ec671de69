#include "changebank/daemon/revocation/RevocationStream.h"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "changebank/base/system/ExceptionText.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/revocation/RedisStream.h"

namespace changebank::daemon {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds firstPause{100};
constexpr milliseconds longestPause{5000};
/// How long the server waits for an entry before it answers that there is none.
constexpr milliseconds longestBlock{1000};
/// Until an entry for which there was no room is tried again.
constexpr milliseconds pauseWithoutRoom{1000};
constexpr std::size_t publishedAtOnce = 256;

RedisConnection::Options connectionOptions(const RevocationStream::Options& options) {
    return {options.address, options.user, options.password, options.caFile};
}

std::unique_ptr<RedisStream> makeStream(const RevocationStream::Options& options,
                                        const std::stop_token& stopping) {
    return std::make_unique<RedisStream>(connectionOptions(options), options.key, stopping);
}

}  // namespace

RevocationStream::RevocationStream(Options options, Observer observer, Revocations unpublished, Clock& clock)
    : _options(std::move(options)),
      _observer(std::move(observer)),
      _clock(clock),
      _upToDateAt(clock.monotonic()),
      _publisher(makeStream(_options, _stopping.get_token())) {
    _status.failure = "not connected yet";
    _pending.addUnpublished(unpublished);
    _thread = std::thread([this] {
        ::pthread_setname_np(::pthread_self(), "revocations");
        run();
    });
}

RevocationStream::~RevocationStream() {
    _stopping.request_stop();
    _thread.join();
}

std::optional<std::string> RevocationStream::publish(const security::Revocation& revocation) {
    const auto deadline = answerDeadline();
    _pending.setSent({revocation});
    auto failure = publishNow(revocation, deadline);
    // It is no failure if it was read from the stream meanwhile.
    if (failure && !_pending.setFailed(revocation)) return std::nullopt;
    return failure;
}

RevocationStream::Failure RevocationStream::publishNow(const security::Revocation& revocation,
                                                       std::chrono::steady_clock::time_point deadline) {
    {
        const std::lock_guard lock(_mutex);
        if (!_outOfReach.empty()) return _outOfReach;
    }
    {
        std::unique_lock lock(_publishing);
        if (!_published.wait_until(lock, deadline, [this] { return !_isPublishing; }))
            return "others wait for the server's answer";
        _isPublishing = true;
    }
    auto failure = sendByPublisher(revocation, deadline);
    {
        const std::lock_guard lock(_publishing);
        _isPublishing = false;
    }
    _published.notify_one();
    return failure;
}

RevocationStream::Failure RevocationStream::sendByPublisher(const security::Revocation& revocation,
                                                            std::chrono::steady_clock::time_point deadline) {
    try {
        // The connection may have been lost since it was used last, which says nothing about the server.
        if (_publisher->isOpen() && !_publisher->add({revocation}, oldest(), deadline)) return std::nullopt;
        auto failure = _publisher->open(deadline);
        if (!failure) failure = _publisher->add({revocation}, oldest(), deadline);
        return failure ? Failure(failure->why) : std::nullopt;
    } catch (const std::exception& error) {
        return exceptionText(error);
    }
}

RevocationStream::Status RevocationStream::status() const {
    const std::lock_guard lock(_mutex);
    auto status = _status;
    status.unpublished = _pending.unpublishedCount();
    return status;
}

std::chrono::milliseconds RevocationStream::outOfDateFor() const {
    const std::lock_guard lock(_mutex);
    if (_status.isUpToDate) return milliseconds(0);
    return std::chrono::duration_cast<milliseconds>(_clock.monotonic() - _upToDateAt);
}

void RevocationStream::run() {
    auto wait = firstPause;
    while (!_stopping.stop_requested()) {
        std::string failure;
        try {
            failure = serve();
        } catch (const std::exception& error) {
            failure = exceptionText(error);
        }
        if (_stopping.stop_requested()) return;
        if (status().isUpToDate) wait = firstPause;
        setFailed(failure, true);
        pause(wait);
        wait = std::min(2 * wait, longestPause);
    }
}

std::string RevocationStream::serve() {
    RedisStream stream(connectionOptions(_options), _options.key, _stopping.get_token());
    if (const auto failure = stream.open(answerDeadline())) return failure->why;
    if (const auto failure = resume(stream)) return *failure;
    setConnected();
    milliseconds block{0};
    while (true) {
        if (const auto failure = advance(stream, block)) return *failure;
    }
}

RevocationStream::Failure RevocationStream::resume(RedisStream& stream) {
    _isMalformedReported = false;
    _pending.setAllUnpublished();
    milliseconds block{0};
    if (_wasConnected) {
        if (_last == StreamId()) {
            startAgain();
        } else if (auto failure = startAgainIfLost(stream, block)) {
            return failure;
        }
    }
    _wasConnected = true;
    return std::nullopt;
}

RevocationStream::Failure RevocationStream::advance(RedisStream& stream, milliseconds& block) {
    const auto result = stream.readAfter(_last, block, answerDeadline() + block);
    if (const auto* failure = std::get_if<RedisStream::Failure>(&result)) return failure->why;
    const auto& entries = std::get<std::vector<RedisStream::Entry>>(result);
    const bool wasIdle = entries.empty() && block.count() > 0;
    bool hasRoom = true;
    for (const auto& [id, revocation] : entries) {
        hasRoom = !revocation || take(*revocation);
        if (!hasRoom) break;
        if (!revocation) reportMalformed();
        _last = id;
    }
    block = longestBlock;
    if (hasRoom && entries.size() >= RedisStream::maxEntries) {
        block = milliseconds(0);
        return std::nullopt;
    }
    if (wasIdle && _last != StreamId()) {
        if (auto failure = startAgainIfLost(stream, block)) return failure;
        if (block.count() == 0) return std::nullopt;
    }
    if (auto failure = publishPending(stream)) return failure;
    if (hasRoom) {
        setUpToDate();
        return std::nullopt;
    }
    setFailed("there is no room for an entry of the stream: revocation.entries are in effect", false);
    pause(pauseWithoutRoom);
    block = milliseconds(0);
    return _stopping.stop_requested() ? Failure("stopped") : std::nullopt;
}

RevocationStream::Failure RevocationStream::startAgainIfLost(RedisStream& stream, milliseconds& block) {
    const auto result = stream.has(_last, answerDeadline());
    if (const auto* failure = std::get_if<RedisStream::Failure>(&result)) return failure->why;
    if (std::get<bool>(result)) return std::nullopt;
    startAgain();
    block = milliseconds(0);
    return std::nullopt;
}

void RevocationStream::startAgain() {
    _last = {};
    _pending.setAllUnpublished();
    _pending.addUnpublished(_observer.all());
}

bool RevocationStream::take(const security::Revocation& revocation) {
    if (!_observer.received(revocation)) return false;
    _pending.setRead(revocation);
    const std::lock_guard lock(_mutex);
    ++_status.received;
    return true;
}

RevocationStream::Failure RevocationStream::publishPending(RedisStream& stream) {
    const auto now = std::chrono::floor<std::chrono::seconds>(_clock.wall().time_since_epoch());
    _pending.forgetBefore((now - _options.lifetime).count());
    for (auto some = _pending.unpublished(publishedAtOnce); !some.empty();
         some = _pending.unpublished(publishedAtOnce)) {
        if (const auto failure = stream.add(some, oldest(), answerDeadline())) return failure->why;
        _pending.setSent(some);
    }
    return std::nullopt;
}

StreamId RevocationStream::oldest() const {
    const auto time = std::chrono::floor<milliseconds>(_clock.wall().time_since_epoch() - _options.lifetime);
    return {static_cast<std::uint64_t>(std::max<milliseconds::rep>(time.count(), 0)), 0};
}

std::chrono::steady_clock::time_point RevocationStream::answerDeadline() const {
    return std::chrono::steady_clock::now() + _options.timeout;
}

void RevocationStream::setUpToDate() {
    bool isNews = false;
    std::uint64_t received = 0;
    {
        const std::lock_guard lock(_mutex);
        isNews = !std::exchange(_status.isUpToDate, true);
        _status.lastUpToDate = _clock.wall();
        _status.failure.clear();
        _upToDateAt = _clock.monotonic();
        _outOfReach.clear();
        _reported.clear();
        received = _status.received;
    }
    if (isNews) {
        _observer.report(false, "the revocations of " + _options.address.toText() + " are up to date; " +
                                    std::to_string(received) + " entries read");
    }
}

void RevocationStream::setConnected() {
    const std::lock_guard lock(_mutex);
    _outOfReach.clear();
}

void RevocationStream::setFailed(const std::string& failure, bool isOutOfReach) {
    bool isNews = false;
    {
        const std::lock_guard lock(_mutex);
        _status.isUpToDate = false;
        _status.failure = failure;
        _outOfReach = isOutOfReach ? failure : std::string();
        isNews = _reported.insert(failure).second;
    }
    if (isNews) {
        _observer.report(
            true, "the revocations of " + _options.address.toText() + " are not up to date: " + failure);
    }
}

void RevocationStream::reportMalformed() {
    {
        const std::lock_guard lock(_mutex);
        ++_status.malformed;
    }
    if (std::exchange(_isMalformedReported, true)) return;
    _observer.report(true, "the stream " + inQuotes(_options.key) + " of " + _options.address.toText() +
                               " holds entries that are no revocations");
}

void RevocationStream::pause(milliseconds duration) {
    std::unique_lock lock(_mutex);
    _pausing.wait_for(lock, _stopping.get_token(), duration, [] { return false; });
}

}  // namespace changebank::daemon
