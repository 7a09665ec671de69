#include "changebank/daemon/revocation/RevocationStream.h"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "changebank/base/system/ExceptionText.h"
#include "changebank/base/text/ForeignText.h"

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
/// Between two attempts to publish what the server refused.
constexpr milliseconds firstPublicationPause{1000};
constexpr milliseconds longestPublicationPause{10000};
/// What was confirmed is read back within that time, if it is in the stream.
constexpr std::chrono::seconds longestUntilRead{5};

RedisConnection::Options connectionOptions(const RevocationStream::Options& options) {
    return {options.address, options.user, options.password, options.caFile};
}

std::unique_ptr<RedisStream> makeStream(const RevocationStream::Options& options,
                                        const std::stop_token& stopping) {
    return std::make_unique<RedisStream>(connectionOptions(options), options.key, stopping);
}

}  // namespace

RevocationStream::RevocationStream(Options options, Observer observer, Revocations unpublished, Clock& clock,
                                   Standing standing)
    : _options(std::move(options)),
      _observer(std::move(observer)),
      _clock(clock),
      _upToDateAt(standing.upToDateAt.value_or(clock.monotonic())),
      _publisher(makeStream(_options, _stopping.get_token())) {
    _status.failure = "not connected yet";
    _status.lastUpToDate = standing.lastUpToDate;
    _pending.addUnpublished(unpublished);
    _thread = std::thread([this] {
        ::pthread_setname_np(::pthread_self(), "revocations");
        run();
    });
}

RevocationStream::~RevocationStream() {
    interrupt();
    _thread.join();
}

void RevocationStream::interrupt() {
    _stopping.request_stop();
    // With the lock, so that nobody is between the look at the above and the wait.
    const std::lock_guard lock(_publishing);
    _published.notify_all();
}

std::optional<std::string> RevocationStream::publish(const security::Revocation& revocation,
                                                     WhenFailed whenFailed) {
    const auto deadline = answerDeadline();
    const auto attempt = _pending.start(revocation);
    auto failure = publishNow(revocation, deadline);
    if (!failure) {
        _pending.setConfirmed(attempt, _clock.monotonic());
        return std::nullopt;
    }
    // It is no failure if it was read from the stream meanwhile.
    if (!_pending.setFailed(attempt, whenFailed)) return std::nullopt;
    return std::move(failure->why);
}

RevocationStream::Failure RevocationStream::publishNow(const security::Revocation& revocation,
                                                       std::chrono::steady_clock::time_point deadline) {
    {
        const std::lock_guard lock(_mutex);
        if (!_outOfReach.empty()) return RedisConnection::Failure{_outOfReach};
    }
    {
        std::unique_lock lock(_publishing);
        const auto isReady = [this] { return !_isPublishing || _stopping.stop_requested(); };
        if (!_published.wait_until(lock, deadline, isReady))
            return RedisConnection::Failure{"others wait for the server's answer"};
        if (_stopping.stop_requested()) return RedisConnection::Failure{"stopped"};
        _isPublishing = true;
    }
    auto failure = add(*_publisher, {revocation}, deadline);
    {
        const std::lock_guard lock(_publishing);
        _isPublishing = false;
    }
    _published.notify_one();
    return failure;
}

RevocationStream::Failure RevocationStream::add(RedisStream& publisher, const Revocations& revocations,
                                                std::chrono::steady_clock::time_point deadline) {
    try {
        if (publisher.isOpen()) {
            const auto result = publisher.add(revocations, oldest(), deadline);
            if (const auto* id = std::get_if<StreamId>(&result)) {
                setNewest(*id);
                return std::nullopt;
            }
            // The connection may have been lost since it was used last, which says nothing about the server.
        }
        if (auto failure = publisher.open(deadline)) return failure;
        const auto result = publisher.add(revocations, oldest(), deadline);
        if (const auto* failure = std::get_if<RedisStream::Failure>(&result)) return *failure;
        setNewest(std::get<StreamId>(result));
        return std::nullopt;
    } catch (const std::exception& error) {
        return RedisConnection::Failure{exceptionText(error)};
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

RevocationStream::Standing RevocationStream::standing() const {
    const std::lock_guard lock(_mutex);
    return {_status.lastUpToDate, _upToDateAt};
}

void RevocationStream::run() {
    auto wait = firstPause;
    while (!_stopping.stop_requested()) {
        RedisConnection::Failure failure;
        try {
            failure = serve();
        } catch (const std::exception& error) {
            failure.why = exceptionText(error);
        }
        if (_stopping.stop_requested()) return;
        if (status().isUpToDate) wait = firstPause;
        setFailed(failure, true);
        forgetExpired();
        pause(wait);
        wait = std::min(2 * wait, longestPause);
    }
}

RedisConnection::Failure RevocationStream::serve() {
    RedisStream stream(connectionOptions(_options), _options.key, _stopping.get_token());
    // One of its own: what the server refuses to be told ends that alone.
    RedisStream publisher(connectionOptions(_options), _options.key, _stopping.get_token());
    if (auto failure = stream.open(answerDeadline())) return std::move(*failure);
    resume();
    milliseconds block{0};
    while (true) {
        if (auto failure = advance(stream, publisher, block)) return std::move(*failure);
    }
}

void RevocationStream::resume() {
    _isMalformedReported = false;
    _isOverdueReported = false;
    _nextPublication = {};
    _publicationPause = firstPublicationPause;
    _pending.setAllUnpublished();
    // Otherwise the first reading finds out whether the stream is the one that was read.
    if (std::exchange(_wasConnected, true) && _last.id == StreamId()) startAgain();
}

RevocationStream::Failure RevocationStream::advance(RedisStream& stream, RedisStream& publisher,
                                                    milliseconds& block) {
    const auto begin = _clock.monotonic();
    const auto result = stream.readAfter(_last, block, answerDeadline() + block);
    if (const auto* failure = std::get_if<RedisStream::Failure>(&result)) return *failure;
    setConnected();
    const auto& batch = std::get<RedisStream::Batch>(result);
    const bool isEmpty = batch.entries.empty() && block.count() > 0 && _last.id == StreamId();
    if (!batch.isContinuous || (isEmpty && _pending.wasSomeSentBefore(begin))) {
        startAgain();
        block = milliseconds(0);
        return std::nullopt;
    }
    block = longestBlock;
    const bool hasRoom = takeAll(batch.entries);
    if (hasRoom && batch.entries.size() >= RedisStream::maxEntries) {
        block = milliseconds(0);
        return std::nullopt;
    }
    if (hasRoom) sendOverdueAgain(begin);
    publishPending(publisher);
    if (hasRoom) {
        setUpToDate();
        return std::nullopt;
    }
    setFailed({"there is no room for an entry of the stream: revocation.entries are in effect"}, false);
    pause(pauseWithoutRoom);
    block = milliseconds(0);
    if (_stopping.stop_requested()) return RedisConnection::Failure{"stopped"};
    return std::nullopt;
}

void RevocationStream::startAgain() {
    _last = {};
    _pending.setAllUnpublished();
    _pending.addUnpublished(_observer.all());
}

bool RevocationStream::takeAll(const std::vector<RedisStream::Entry>& entries) {
    if (!entries.empty()) setNewest(entries.back().id);
    for (const auto& entry : entries) {
        const auto& revocation = entry.revocation;
        if (!revocation || isTooFarAhead(*revocation)) {
            reportMalformed();
            if (revocation) _pending.setRead(*revocation);
        } else if (!take(*revocation)) {
            return false;
        }
        _last = entry;
    }
    return true;
}

bool RevocationStream::take(const security::Revocation& revocation) {
    if (!_observer.received(revocation)) return false;
    _pending.setRead(revocation);
    const std::lock_guard lock(_mutex);
    ++_status.received;
    return true;
}

bool RevocationStream::isTooFarAhead(const security::Revocation& revocation) const {
    const auto now = std::chrono::floor<std::chrono::seconds>(_clock.wall().time_since_epoch());
    return revocation.issuedUpTo > (now + _options.maxAhead).count();
}

void RevocationStream::sendOverdueAgain(Clock::Monotonic readAt) {
    const auto count = _pending.setUnpublishedIfSentBefore(readAt - longestUntilRead);
    if (count == 0 || std::exchange(_isOverdueReported, true)) return;
    _observer.report(true, "revocations that " + _options.address.toText() +
                               " confirmed are not in the stream " + inQuotes(_options.key) + ", " +
                               std::to_string(count) + " at least: they are published again");
}

void RevocationStream::forgetExpired() {
    const auto now = std::chrono::floor<std::chrono::seconds>(_clock.wall().time_since_epoch());
    _pending.forgetBefore((now - _options.lifetime).count());
}

void RevocationStream::publishPending(RedisStream& publisher) {
    forgetExpired();
    if (std::chrono::steady_clock::now() < _nextPublication) return;
    for (auto some = _pending.unpublished(publishedAtOnce); !some.empty();
         some = _pending.unpublished(publishedAtOnce)) {
        const auto begin = _clock.monotonic();
        if (const auto failure = add(publisher, some, answerDeadline())) {
            setPublishFailed(failure->why);
            _nextPublication = std::chrono::steady_clock::now() + _publicationPause;
            _publicationPause = std::min(2 * _publicationPause, longestPublicationPause);
            return;
        }
        _pending.setSent(some, begin);
    }
    _publicationPause = firstPublicationPause;
    setPublished();
}

/// By the earlier of two times: a clock that is wrong, ours or the server's, does not cut everything off.
StreamId RevocationStream::oldest() const {
    const auto ours = std::chrono::floor<milliseconds>(_clock.wall().time_since_epoch()).count();
    const auto lifetime = static_cast<std::uint64_t>(milliseconds(_options.lifetime).count());
    const std::lock_guard lock(_mutex);
    const auto now =
        std::min(static_cast<std::uint64_t>(std::max<milliseconds::rep>(ours, 0)), _newest.milliseconds);
    return {now > lifetime ? now - lifetime : 0, 0};
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

void RevocationStream::setNewest(StreamId id) {
    const std::lock_guard lock(_mutex);
    _newest = std::max(_newest, id);
}

void RevocationStream::setFailed(const RedisConnection::Failure& failure, bool isOutOfReach) {
    bool isNews = false;
    {
        const std::lock_guard lock(_mutex);
        _status.isUpToDate = false;
        _status.failure = failure.why;
        _outOfReach = isOutOfReach ? failure.why : std::string();
        isNews = _reported.add(failure);
    }
    if (isNews) {
        _observer.report(
            true, "the revocations of " + _options.address.toText() + " are not up to date: " + failure.why);
    }
}

void RevocationStream::setPublishFailed(const std::string& failure) {
    if (_stopping.stop_requested()) return;
    bool isNews = false;
    {
        const std::lock_guard lock(_mutex);
        isNews = std::exchange(_status.publishFailure, failure).empty();
    }
    if (isNews)
        _observer.report(true, "cannot publish revocations to " + _options.address.toText() + ": " + failure);
}

void RevocationStream::setPublished() {
    const std::lock_guard lock(_mutex);
    _status.publishFailure.clear();
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
