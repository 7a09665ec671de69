#include "changebank/daemon/http/loop/EventLoop.h"

#include <Poco/Exception.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace changebank::http {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t inputBufferSize = std::size_t{64} * 1024;
constexpr std::size_t eventsPerWait = 128;
constexpr int maxAcceptsPerRun = 32;
constexpr auto acceptPause = 100ms;
/// Time for deferred requests in one iteration; the last one may exceed it.
constexpr auto maxDeferredTime = 100us;
/// Limits of the pool of exchanges; larger ones are freed.
constexpr std::size_t maxPooledBody = std::size_t{64} * 1024;
constexpr std::size_t maxPooledExchanges = 64;

FileDescriptor orThrow(int descriptor, const char* what) {
    if (descriptor < 0) throw Poco::SystemException(what, errno);
    return FileDescriptor(descriptor);
}

void add(int epoll, int descriptor, std::uint32_t events, void* tag) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = tag;
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        throw Poco::SystemException("cannot watch a socket", errno);
}

}  // namespace

EventLoop::EventLoop(ServerContext& server, const Acceptor& acceptor)
    : _server(server),
      _acceptor(acceptor),
      _epoll(orThrow(::epoll_create1(EPOLL_CLOEXEC), "cannot make an event loop")),
      _wakeUp(orThrow(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "cannot make an event loop")),
      _limitsGeneration(server.limits.generation()),
      _limits(server.limits.current()),
      _deadlines(_limits),
      _now(server.clock.monotonic()),
      _input(inputBufferSize) {
    add(_epoll.get(), _wakeUp.get(), EPOLLIN | EPOLLET, &_wakeUp);
    startAccepting();
}

EventLoop::~EventLoop() = default;

void EventLoop::run() {
    while (!isDone())
        runOnce();
    finish();
}

void EventLoop::finish() {
    const std::lock_guard lock(_inboxMutex);
    _done = true;
    for (auto& ping : std::exchange(_pings, {}))
        ping.set_value();
}

bool EventLoop::isDone() const {
    return _phase >= Phase::Draining && _connections.empty();
}

void EventLoop::runOnce() {
    std::array<epoll_event, eventsPerWait> events;
    const int count = ::epoll_wait(_epoll.get(), events.data(), static_cast<int>(events.size()), waitTime());
    _now = _server.clock.monotonic();
    if (_server.limits.generation() != _limitsGeneration) refreshLimits();
    for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        if (event.data.ptr == &_wakeUp) {
            sendPostponed();
            processInbox();
        } else if (event.data.ptr == &_acceptor) {
            acceptSome();
        } else if (auto* connection = static_cast<Connection*>(event.data.ptr); !connection->isClosed()) {
            connection->onEvents(event.events);
            limitDeferred();
        }
    }
    resumeYielded();
    limitDeferred();
    sendPostponed();
    runDeferred();
    expire();
    destroyClosed();
    _output.shrink();
}

/// Milliseconds for epoll_wait, rounded up so that a deadline has come when it returns.
int EventLoop::waitTime() const {
    if (!_yielded.empty() || !_deferred.empty()) return 0;
    auto next = _deadlines.next();
    const auto consider = [&next](Clock::Monotonic time) {
        if (!next || time < *next) next = time;
    };
    if (_phase >= Phase::Draining) consider(_drainEnd);
    if (!_accepting && _phase < Phase::NotAccepting) consider(_acceptAgain);
    if (!next) return -1;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*next - _server.clock.monotonic());
    return static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, 60'000));
}

void EventLoop::refreshLimits() {
    _limitsGeneration = _server.limits.generation();
    _limits = _server.limits.current();
    _deadlines.setLimits(_limits);
}

void EventLoop::wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(_wakeUp.get(), &one, sizeof(one));
}

void EventLoop::requestPhase(Phase phase) {
    auto current = _requestedPhase.load();
    while (current < phase && !_requestedPhase.compare_exchange_weak(current, phase)) {
    }
    wake();
}

void EventLoop::adopt(AcceptedSocket accepted) {
    _incoming.fetch_add(1, std::memory_order_relaxed);
    {
        const std::lock_guard lock(_inboxMutex);
        _accepted.push_back(std::move(accepted));
    }
    wake();
}

void EventLoop::complete(std::unique_ptr<Exchange> exchange) {
    bool first = false;
    {
        const std::lock_guard lock(_inboxMutex);
        first = _completions.empty();
        _completions.push_back(std::move(exchange));
    }
    if (first) wake();
}

std::future<void> EventLoop::ping() {
    std::promise<void> ping;
    auto future = ping.get_future();
    {
        const std::lock_guard lock(_inboxMutex);
        if (_done) {
            ping.set_value();
        } else {
            _pings.push_back(std::move(ping));
        }
    }
    wake();
    return future;
}

void EventLoop::processInbox() {
    // Read before the inbox: Draining is requested after all loops stopped accepting, so that the connections
    // handed over until then are in the inbox.
    const auto phase = _requestedPhase.load();
    std::vector<AcceptedSocket> accepted;
    std::vector<std::promise<void>> pings;
    std::vector<std::unique_ptr<Exchange>> completions;
    {
        const std::lock_guard lock(_inboxMutex);
        accepted.swap(_accepted);
        completions.swap(_completions);
        pings.swap(_pings);
    }
    for (auto& ping : pings)
        ping.set_value();
    for (auto& socket : accepted) {
        open(std::move(socket));
        _incoming.fetch_sub(1, std::memory_order_relaxed);
    }
    for (auto& exchange : completions) {
        if (auto* connection = exchange->connection; connection != nullptr) {
            connection->onHandled(std::move(exchange));
        } else {
            giveBack(std::move(exchange));
        }
    }
    enterPhase(phase);
}

void EventLoop::enterPhase(Phase phase) {
    const auto before = std::exchange(_phase, phase);
    if (before < Phase::NotAccepting && phase >= Phase::NotAccepting) stopAccepting();
    if (before < Phase::Draining && phase >= Phase::Draining) {
        _drainEnd = _now + _limits.drainTimeout;
        forEachConnection([](Connection& connection) { connection.onDrain(); });
    }
    if (before < Phase::Aborting && phase >= Phase::Aborting)
        forEachConnection([](Connection& connection) { connection.abort(); });
}

void EventLoop::acceptSome() {
    for (int i = 0; i < maxAcceptsPerRun && _accepting; ++i) {
        AcceptedSocket accepted;
        switch (_acceptor.accept(accepted)) {
            case Acceptor::Outcome::Accepted:
                assignToLoop(std::move(accepted));
                break;
            case Acceptor::Outcome::Nothing:
                return;
            case Acceptor::Outcome::Exhausted:
                _counters.acceptFailures.add(1);
                pauseAccepting();
                break;
        }
    }
}

/// Waiting clients stay in the kernel's queue until there are descriptors again.
void EventLoop::pauseAccepting() {
    ::epoll_ctl(_epoll.get(), EPOLL_CTL_DEL, _acceptor.listener(), nullptr);
    _accepting = false;
    _acceptAgain = _now + acceptPause;
}

void EventLoop::startAccepting() {
    add(_epoll.get(), _acceptor.listener(), EPOLLIN | EPOLLEXCLUSIVE, &_acceptor);
    _accepting = true;
}

/// Tries again later if epoll cannot watch the listener (out of memory or watches).
void EventLoop::resumeAccepting() {
    try {
        startAccepting();
    } catch (const Poco::SystemException&) {
        _counters.acceptFailures.add(1);
        _acceptAgain = _now + acceptPause;
    }
}

/// Accepts what is in the kernel's queue first: closing the listener would reset those connections.
void EventLoop::stopAccepting() {
    AcceptedSocket accepted;
    while (_acceptor.accept(accepted) == Acceptor::Outcome::Accepted)
        open(std::move(accepted));
    if (_accepting) pauseAccepting();
    _server.accepting.count_down();
}

/// The kernel does not wake the loops evenly, so the loop with the fewest connections gets the new one.
void EventLoop::assignToLoop(AcceptedSocket accepted) {
    auto* best = this;
    for (const auto& peer : _peers) {
        if (peer->load() < best->load()) best = peer.get();
    }
    if (best == this) return open(std::move(accepted));
    best->adopt(std::move(accepted));
}

void EventLoop::open(AcceptedSocket accepted) {
    _counters.accepted.add(1);
    if (!isPeerAllowed(*accepted.endpoints))
        return reject(std::move(accepted), ServerResponse::HTTP_FORBIDDEN);
    auto slot = _server.connections.admit(accepted.endpoints->client);
    if (!slot) return reject(std::move(accepted), ServerResponse::HTTP_SERVICE_UNAVAILABLE);
    watch(std::move(accepted), std::move(*slot));
}

bool EventLoop::isPeerAllowed(const Endpoints& endpoints) const {
    const bool isUnix = endpoints.client.family() == Poco::Net::SocketAddress::UNIX_LOCAL;
    return !isUnix || !_server.peerCheck || (endpoints.peer && _server.peerCheck(*endpoints.peer));
}

/// Sends the status and closes; over TLS, or beyond the limit of such responses, only closes.
void EventLoop::reject(AcceptedSocket accepted, ServerResponse::HTTPStatus status) {
    _counters.rejected.add(1);
    if (_server.tls) return;
    auto slot = _server.rejections.admit(accepted.endpoints->client);
    if (!slot) return;
    if (auto* connection = watch(std::move(accepted), std::move(*slot)); connection != nullptr)
        connection->reject(status);
}

/// Returns nullptr, with the connection closed, if OpenSSL or epoll has no memory for it.
Connection* EventLoop::watch(AcceptedSocket accepted, ConnectionLimiter::Slot slot) {
    try {
        Transport transport(std::move(accepted.socket),
                            _server.tls ? _server.tls->current() : Poco::Net::Context::Ptr());
        auto connection = std::make_unique<Connection>(*this, std::move(transport),
                                                       std::move(accepted.endpoints), std::move(slot));
        add(_epoll.get(), connection->descriptor(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
            connection.get());
        connection->index = _connections.size();
        _connections.push_back(std::move(connection));
    } catch (const Poco::Exception&) {
        _counters.acceptFailures.add(1);
        return nullptr;
    }
    publishLoad();
    return _connections.back().get();
}

void EventLoop::expire() {
    while (auto* entry = _deadlines.takeDue(_now))
        static_cast<Connection*>(entry)->onDeadline();
    if (_phase >= Phase::Draining && _now >= _drainEnd)
        forEachConnection([](Connection& connection) { connection.abort(); });
    if (!_accepting && _phase < Phase::NotAccepting && _now >= _acceptAgain) resumeAccepting();
}

void EventLoop::resumeYielded() {
    std::vector<Connection*> connections;
    connections.swap(_yielded);
    for (auto* connection : connections)
        connection->onResume();
}

void EventLoop::runDeferred() {
    if (_deferred.empty()) return;
    const auto end = _server.clock.monotonic() + maxDeferredTime;
    do {
        runFirstDeferred();
    } while (!_deferred.empty() && _server.clock.monotonic() < end);
    sendPostponed();
}

void EventLoop::runFirstDeferred() {
    auto* connection = _deferred.front();
    _deferred.pop_front();
    connection->onResolve();
}

/// Each deferred request occupies memory. Beyond the maximum the first ones run immediately, after responses
/// that are ready have been sent.
void EventLoop::limitDeferred() {
    if (_deferred.size() > maxDeferred) sendPostponed();
    while (_deferred.size() > maxDeferred)
        runFirstDeferred();
}

void EventLoop::postpone(Connection& connection) {
    _output.postpone(connection);
    if (_output.isFull()) sendPostponed();
}

void EventLoop::sendPostponed() {
    for (const auto& responses : _output.postponed())
        responses.connection->sendPostponed(_output.bytesOf(responses));
    _output.dropPostponed();
}

void EventLoop::scheduleDestroy(Connection& connection) {
    _closed.push_back(&connection);
    publishLoad();
}

void EventLoop::destroyClosed() {
    for (auto* connection : std::exchange(_closed, {})) {
        const auto index = connection->index;
        std::erase(_yielded, connection);
        std::erase(_deferred, connection);
        std::swap(_connections[index], _connections.back());
        _connections[index]->index = index;
        _connections.pop_back();
    }
}

void EventLoop::publishLoad() {
    _open.store(_connections.size() - _closed.size(), std::memory_order_relaxed);
}

void EventLoop::forEachConnection(const std::function<void(Connection&)>& action) {
    for (const auto& connection : _connections) {
        if (!connection->isClosed()) action(*connection);
    }
}

std::unique_ptr<Exchange> EventLoop::takeExchange() {
    if (_spareExchanges.empty()) return std::make_unique<Exchange>(_server, _limits);
    auto exchange = std::move(_spareExchanges.back());
    _spareExchanges.pop_back();
    return exchange;
}

void EventLoop::giveBack(std::unique_ptr<Exchange> exchange) {
    const bool large = exchange->request.body().capacity() > maxPooledBody ||
                       exchange->response.body().capacity() > maxPooledBody;
    if (!large && _spareExchanges.size() < maxPooledExchanges) _spareExchanges.push_back(std::move(exchange));
}

}  // namespace changebank::http
