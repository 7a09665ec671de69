#include "changebank/daemon/http/loop/EventLoop.h"

#include <Poco/Exception.h>
#include <malloc.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <utility>

#include "changebank/daemon/http/loop/ReportedErrors.h"

namespace changebank::http {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t eventsPerWait = 128;
constexpr int maxAcceptsPerRun = 32;
/// Connections that are taken from the kernel's queue at once when the loop stops accepting.
constexpr int maxAcceptsPerStop = 4096;
constexpr auto acceptPause = 100ms;
/// Time for deferred requests in one iteration; the last one may exceed it.
constexpr auto maxDeferredTime = 100us;

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
      _limitsGeneration(server.limits.generation()),
      _context(server),
      _acceptor(acceptor),
      _epoll(orThrow(::epoll_create1(EPOLL_CLOEXEC), "cannot make an event loop")) {
    add(_epoll.get(), _context.inbox.descriptor(), EPOLLIN | EPOLLET, &_context.inbox);
    startAccepting();
}

EventLoop::~EventLoop() = default;

void EventLoop::run() {
    while (!isDone())
        runOnce();
    _context.inbox.close();
}

bool EventLoop::isDone() const {
    return _phase >= Phase::Ending && _connections.empty();
}

void EventLoop::runOnce() {
    std::array<epoll_event, eventsPerWait> events;
    const int count = ::epoll_wait(_epoll.get(), events.data(), static_cast<int>(events.size()), waitTime());
    _context.now = _server.clock.monotonic();
    if (_server.limits.generation() != _limitsGeneration) refreshLimits();
    for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        if (event.data.ptr == &_context.inbox) {
            // The inbox may begin a phase that closes connections: send their responses first.
            _context.sendPostponed();
            processInbox();
        } else if (event.data.ptr == &_acceptor) {
            acceptSome();
        } else if (auto* connection = static_cast<Connection*>(event.data.ptr); !connection->isClosed()) {
            connection->onEvents(event.events);
            limitDeferred();
        }
        limitMemory();
    }
    resumeYielded();
    limitDeferred();
    limitMemory();
    _context.sendPostponed();
    deferResumed();
    runDeferred();
    expire();
    destroyClosed();
    _context.output.shrink();
    if (_server.memory.isTrimDue(_context.now)) trimHeap();
}

/// Milliseconds for epoll_wait, rounded up so that a deadline has come when it returns.
int EventLoop::waitTime() const {
    if (!_context.yielded.empty() || !_context.deferred.empty() || !_context.resumed.empty()) return 0;
    auto next = _context.deadlines.next();
    const auto consider = [&next](Clock::Monotonic time) {
        if (!next || time < *next) next = time;
    };
    if (_phase >= Phase::Draining) consider(_drainEnd);
    if (!_accepting && !_hasStoppedAccepting) consider(_acceptAgain);
    if (!next) return -1;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*next - _server.clock.monotonic());
    return static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, 60'000));
}

void EventLoop::refreshLimits() {
    _limitsGeneration = _server.limits.generation();
    _context.limits = _server.limits.current();
    _context.deadlines.setLimits(_context.limits);
}

void EventLoop::requestPhase(Phase phase) {
    auto current = _context.requestedPhase.load();
    while (current < phase && !_context.requestedPhase.compare_exchange_weak(current, phase)) {
    }
    wake();
}

void EventLoop::adopt(AcceptedSocket accepted) {
    _incoming.fetch_add(1, std::memory_order_relaxed);
    try {
        _context.inbox.adopt(std::move(accepted));
    } catch (...) {
        _incoming.fetch_sub(1, std::memory_order_relaxed);
        throw;
    }
}

void EventLoop::processInbox() {
    // Read before the inbox: Ending is requested after all loops stopped accepting, so that the connections
    // handed over until then are in the inbox.
    const auto phase = _context.requestedPhase.load();
    auto inbox = _context.inbox.take();
    for (auto& ping : inbox.pings)
        ping.set_value();
    for (auto& accepted : inbox.accepted) {
        open(std::move(accepted));
        _incoming.fetch_sub(1, std::memory_order_relaxed);
    }
    while (auto exchange = std::move(inbox.completed)) {
        inbox.completed = std::move(exchange->next);
        if (auto* connection = exchange->connection; connection != nullptr) {
            connection->onHandled(std::move(exchange));
        } else {
            _context.recycle(std::move(exchange));
        }
    }
    // Without memory, their deadlines resume them.
    reportingErrors(
        [&] { _context.resumed.insert(_context.resumed.end(), inbox.resumed.begin(), inbox.resumed.end()); });
    enterPhase(phase);
}

void EventLoop::enterPhase(Phase phase) {
    const auto before = std::exchange(_phase, phase);
    if (before < Phase::Draining && phase >= Phase::Draining) {
        _drainEnd = _context.now + _context.limits.drainTimeout;
        forEachConnection([](Connection& connection) { connection.onDrain(); });
    }
    if (before < phase && phase >= Phase::NotAccepting) stopAccepting();
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
                _context.counters.acceptFailures.add(1);
                pauseAccepting();
                break;
        }
    }
}

/// Waiting clients stay in the kernel's queue until there are descriptors again.
void EventLoop::pauseAccepting() {
    ::epoll_ctl(_epoll.get(), EPOLL_CTL_DEL, _acceptor.listener(), nullptr);
    _accepting = false;
    _acceptAgain = _context.now + acceptPause;
}

void EventLoop::startAccepting() {
    add(_epoll.get(), _acceptor.listener(), EPOLLIN | EPOLLEXCLUSIVE, &_acceptor);
    _accepting = true;
}

/// Tries again later if epoll cannot watch the listener (out of memory or watches).
void EventLoop::resumeAccepting() {
    try {
        startAccepting();
    } catch (const std::exception&) {
        _context.counters.acceptFailures.add(1);
        _acceptAgain = _context.now + acceptPause;
    }
}

/// Out of descriptors, it tries again until the drain ends.
void EventLoop::stopAccepting() {
    if (_hasStoppedAccepting) return;
    if (_accepting) pauseAccepting();
    const bool isOver = _phase >= Phase::Aborting || _context.now >= _drainEnd;
    if (!isOver && !_server.isListenerShared && !hasEmptiedQueue()) {
        _acceptAgain = _context.now + acceptPause;
        return;
    }
    _hasStoppedAccepting = true;
    _server.accepting.count_down();
}

/// Accepts what is in the kernel's queue: closing the listener would reset those connections.
bool EventLoop::hasEmptiedQueue() {
    AcceptedSocket accepted;
    auto outcome = Acceptor::Outcome::Accepted;
    // Bounded, since the kernel may not have let us refuse further connections.
    for (int i = 0; i < maxAcceptsPerStop && outcome == Acceptor::Outcome::Accepted; ++i) {
        outcome = _acceptor.accept(accepted);
        if (outcome == Acceptor::Outcome::Accepted) open(std::move(accepted));
    }
    if (outcome == Acceptor::Outcome::Exhausted) _context.counters.acceptFailures.add(1);
    return outcome == Acceptor::Outcome::Nothing;
}

/// The kernel does not wake the loops evenly, so the loop with the fewest connections gets the new one.
void EventLoop::assignToLoop(AcceptedSocket accepted) {
    auto* best = this;
    for (const auto& peer : _peers) {
        if (peer->load() < best->load()) best = peer.get();
    }
    if (best == this) return open(std::move(accepted));
    if (!reportingErrors([&] { best->adopt(std::move(accepted)); })) _context.counters.acceptFailures.add(1);
}

/// Closes the connection if there is no memory for it.
void EventLoop::open(AcceptedSocket accepted) noexcept {
    _context.counters.accepted.add(1);
    if (!reportingErrors([&] { admit(std::move(accepted)); })) _context.counters.acceptFailures.add(1);
}

void EventLoop::admit(AcceptedSocket accepted) {
    if (!isPeerAllowed(*accepted.endpoints))
        return reject(std::move(accepted), ServerResponse::HTTP_FORBIDDEN);
    auto slot = slotFor(accepted.endpoints->client);
    if (!slot) return reject(std::move(accepted), ServerResponse::HTTP_SERVICE_UNAVAILABLE);
    auto& connection = watch(std::move(accepted), std::move(*slot));
    if (_phase >= Phase::Draining) connection.onDrain();
}

/// A proxy's connections count for its clients, as soon as they are known.
std::optional<ConnectionLimiter::Slot> EventLoop::slotFor(const Poco::Net::SocketAddress& client) {
    const auto& trust = _context.limits.proxies;
    const bool isProxy = trust && trust->proxies.contains(client);
    return isProxy ? _server.connections.admitProxy() : _server.connections.admit(client);
}

bool EventLoop::isPeerAllowed(const Endpoints& endpoints) const {
    const bool isUnix = endpoints.client.family() == Poco::Net::SocketAddress::UNIX_LOCAL;
    return !isUnix || !_server.peerCheck || (endpoints.peer && _server.peerCheck(*endpoints.peer));
}

/// Sends the status and closes; over TLS, or beyond the limit of such responses, only closes.
void EventLoop::reject(AcceptedSocket accepted, ServerResponse::HTTPStatus status) {
    _context.counters.rejected.add(1);
    if (_server.tls) return;
    auto slot = _server.rejections.admit(accepted.endpoints->client);
    if (!slot) return;
    watch(std::move(accepted), std::move(*slot)).reject(status);
}

/// Throws, with the connection closed, if there is no memory for it, in OpenSSL and in epoll too.
Connection& EventLoop::watch(AcceptedSocket accepted, ConnectionLimiter::Slot slot) {
    _context.reserve(_connections.size() + 1);
    auto transport = _server.tls ? Transport(std::move(accepted.socket), _server.tls->current(),
                                             _context.limits.maxHandshakeBytes)
                                 : Transport(std::move(accepted.socket));
    auto& connection = *_connections.emplace_back(std::make_unique<Connection>(
        _context, std::move(transport), std::move(accepted.endpoints), std::move(slot)));
    connection.index = _connections.size() - 1;
    try {
        add(_epoll.get(), connection.descriptor(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, &connection);
    } catch (...) {
        _connections.pop_back();
        throw;
    }
    _context.open.add(1);
    return connection;
}

void EventLoop::expire() {
    while (auto* entry = _context.deadlines.takeDue(_context.now))
        static_cast<Connection*>(entry)->onDeadline();
    if (_phase >= Phase::Draining && _context.now >= _drainEnd)
        forEachConnection([](Connection& connection) { connection.abort(); });
    if (!_accepting && !_hasStoppedAccepting && _context.now >= _acceptAgain) {
        if (_phase < Phase::NotAccepting) {
            resumeAccepting();
        } else {
            stopAccepting();
        }
    }
}

void EventLoop::resumeYielded() {
    std::vector<Connection*> connections;
    connections.swap(_context.yielded);
    for (auto* connection : connections)
        connection->onResume();
}

/// One event may resume many requests: the queue takes as many as it has room for.
void EventLoop::deferResumed() {
    for (; !_context.resumed.empty() && _context.deferred.size() < maxDeferred;
         _context.resumed.pop_front()) {
        const auto found = _context.suspended.find(_context.resumed.front());
        if (found != _context.suspended.end()) found->second->onResumed();
    }
}

void EventLoop::runDeferred() {
    if (_context.deferred.empty()) return;
    const auto end = _server.clock.monotonic() + maxDeferredTime;
    do {
        runFirstDeferred();
    } while (!_context.deferred.empty() && _server.clock.monotonic() < end);
    _context.sendPostponed();
}

void EventLoop::runFirstDeferred() {
    _context.deferred.pop().onResolve();
}

/// Each deferred request occupies memory. Beyond the maximum the first ones run immediately, after responses
/// that are ready have been sent.
void EventLoop::limitDeferred() {
    if (_context.deferred.size() > maxDeferred) _context.sendPostponed();
    while (_context.deferred.size() > maxDeferred)
        runFirstDeferred();
}

void EventLoop::limitMemory() {
    // A connection whose response is postponed looks idle.
    if (_server.memory.isExceeded()) _context.sendPostponed();
    while (_server.memory.isExceeded()) {
        auto* connection = evictable();
        if (connection == nullptr) return;
        _context.counters.evicted.add(1);
        connection->onEviction();
    }
}

/// Which connection to close first to get memory: the one that has held a part of a request or response
/// longest, then one that has no request.
Connection* EventLoop::evictable() const {
    if (!_context.holders.empty()) return _context.holders.front();
    const auto& deadlines = _context.deadlines;
    for (const auto* queue : {&deadlines.linger, &deadlines.grace, &deadlines.idle, &deadlines.head}) {
        if (auto* entry = queue->first(); entry != nullptr) return static_cast<Connection*>(entry);
    }
    return nullptr;
}

/// On another thread, since it may take a tenth of a second.
void EventLoop::trimHeap() noexcept {
    reportingErrors([this] { _server.workers.submit([] { ::malloc_trim(0); }); });
}

/// Leaves the list's memory, so that a connection can always be closed.
void EventLoop::destroyClosed() {
    for (auto* connection : _context.closed) {
        const auto index = connection->index;
        std::erase(_context.yielded, connection);
        _context.deferred.erase(connection);
        std::swap(_connections[index], _connections.back());
        _connections[index]->index = index;
        _connections.pop_back();
    }
    _context.closed.clear();
}

void EventLoop::forEachConnection(const std::function<void(Connection&)>& action) {
    for (const auto& connection : _connections) {
        if (!connection->isClosed()) action(*connection);
    }
}

}  // namespace changebank::http
