#include "changebank/daemon/http/HTTPServer.h"

#include <Poco/Net/SecureServerSocketImpl.h>
#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <future>
#include <system_error>
#include <utility>

#include "changebank/daemon/http/Processors.h"
#include "changebank/daemon/http/loop/EventLoop.h"
#include "changebank/daemon/http/loop/ServerContext.h"

namespace changebank::http {

namespace {

/// Connections beyond the limit that may be sent a response at the same time.
constexpr std::size_t maxRejections = 64;

const ServerParams* ours(const Poco::Net::HTTPServerParams& params) {
    return dynamic_cast<const ServerParams*>(&params);
}

TlsContextSource::Ptr tlsSource(const Poco::Net::ServerSocket& socket,
                                const Poco::Net::HTTPServerParams& params) {
    if (const auto* mine = ours(params); mine != nullptr && mine->tlsContextSource())
        return mine->tlsContextSource();
    const auto* secure = dynamic_cast<const Poco::Net::SecureServerSocketImpl*>(socket.impl());
    if (secure == nullptr) return {};
    return std::make_shared<ReplaceableTlsContext>(secure->context());
}

std::size_t loopCount(const ServerLimits& limits) {
    return limits.threads != 0 ? limits.threads : usableProcessors();
}

bool isUnix(const Poco::Net::SocketAddress& address) {
    return address.family() == Poco::Net::SocketAddress::UNIX_LOCAL;
}

/// Blocks signals in new threads: the application's threads handle them.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &_before);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &_before, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t _before{};
};

}  // namespace

HTTPServer::HTTPServer(Poco::Net::HTTPRequestHandlerFactory::Ptr factory,
                       const Poco::Net::ServerSocket& socket, Poco::Net::HTTPServerParams::Ptr params)
    : HTTPServer(std::move(factory), nullptr, socket, std::move(params)) {}

HTTPServer::HTTPServer(Poco::Net::HTTPRequestHandlerFactory::Ptr factory, Poco::ThreadPool& pool,
                       const Poco::Net::ServerSocket& socket, Poco::Net::HTTPServerParams::Ptr params)
    : HTTPServer(std::move(factory), &pool, socket, std::move(params)) {}

HTTPServer::HTTPServer(Poco::Net::HTTPRequestHandlerFactory::Ptr factory, Poco::ThreadPool* pool,
                       const Poco::Net::ServerSocket& socket, Poco::Net::HTTPServerParams::Ptr params)
    : _socket(socket),
      _params(std::move(params)),
      _port(isUnix(socket.address()) ? 0 : socket.address().port()) {
    const auto limits = ServerParams::limitsOf(*_params);
    const auto* mine = ours(*_params);
    if (pool == nullptr) {
        const int threads = std::max(1, limits.blockingThreads) + std::max(1, limits.reservedThreads);
        _ownPool = std::make_unique<Poco::ThreadPool>("http", 1, threads + 2 * BlockingWorkers::spareThreads);
        pool = _ownPool.get();
    }
    const auto loops = loopCount(limits);
    auto* const errors = dynamic_cast<ErrorResponder*>(factory.get());
    _context.reset(new ServerContext{
        .factory = std::move(factory),
        .params = _params,
        .limits = ReplaceableLimits(limits),
        .observer = mine == nullptr ? nullptr : mine->accessObserver(),
        .tls = tlsSource(_socket, *_params),
        .peerCheck = mine == nullptr ? PeerCheck() : mine->peerCheck(),
        .clock = mine == nullptr ? Clock::system() : mine->clock(),
        .workers = {*pool, limits.blockingThreads, limits.maxBlockingQueue},
        .reservedWorkers = {*pool, limits.reservedThreads, limits.maxBlockingQueue},
        .connections = ConnectionLimiter(limits),
        .rejections = ConnectionLimiter(maxRejections),
        .memory = MemoryBudget(limits.maxConnectionMemory),
        .errors = errors,
        .accepting = std::latch(static_cast<std::ptrdiff_t>(loops)),
        .isListenerShared = mine != nullptr && mine->isListenerShared(),
    });

    const Acceptor acceptor(_socket);
    for (std::size_t i = 0; i < loops; ++i)
        _loops.push_back(std::make_unique<EventLoop>(*_context, acceptor));
    for (const auto& loop : _loops)
        loop->setPeers(_loops);
}

HTTPServer::~HTTPServer() {
    stopAll(true);
    _context->workers.join();
    _context->reservedWorkers.join();
}

void HTTPServer::prepare() {
    const std::lock_guard lock(_threadsMutex);
    createThreads();
}

void HTTPServer::start() {
    const std::lock_guard lock(_threadsMutex);
    if (_isReleased) throw Poco::IllegalStateException("the server was started or stopped already");
    createThreads();
    _isStarted = true;
    releaseThreads();
}

/// Requires _threadsMutex.
void HTTPServer::createThreads() {
    if (!_threads.empty()) return;
    const SignalsBlocked signals;
    try {
        for (const auto& loop : _loops) {
            _threads.emplace_back([this, &loop = *loop] {
                ::pthread_setname_np(::pthread_self(), "event-loop");
                _released.wait();
                if (_isStarted) loop.run();
            });
        }
    } catch (const std::system_error& error) {
        releaseThreads();
        throw Poco::SystemException("cannot create a thread for an event loop", error.code().value());
    }
}

/// Requires _threadsMutex.
void HTTPServer::releaseThreads() {
    if (!std::exchange(_isReleased, true)) _released.count_down();
}

void HTTPServer::requestPhase(LoopPhase phase) {
    for (const auto& loop : _loops)
        loop->requestPhase(phase);
}

void HTTPServer::stopAccepting() {
    const std::lock_guard lock(_threadsMutex);
    releaseThreads();
    if (!_isStarted) return _socket.close();
    const auto limits = _context->limits.current();
    requestPhase(LoopPhase::LameDuck);
    pause(limits.drainDelay);
    refuseAndWait(limits);
    requestPhase(LoopPhase::NotAccepting);
    _context->accepting.wait();
    _socket.close();
    endPauses();
}

/// Handshakes under way get the same time as requests of idle connections: both are on their way to us.
void HTTPServer::refuseAndWait(const ServerLimits& limits) {
    {
        const std::lock_guard lock(_pauseMutex);
        if (_hasNoPauses || _context->isListenerShared || !refuseConnections(_socket)) return;
    }
    requestPhase(LoopPhase::Draining);
    if (!isUnix(_socket.address())) pause(std::min(limits.drainGrace, limits.drainTimeout));
}

void HTTPServer::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(_pauseMutex);
    _pauseEnded.wait_for(lock, time, [this] { return _hasNoPauses; });
}

void HTTPServer::endPauses() {
    {
        const std::lock_guard lock(_pauseMutex);
        _hasNoPauses = true;
    }
    _pauseEnded.notify_all();
}

void HTTPServer::handOver() {
    _context->isListenerShared = true;
    endPauses();
    requestPhase(LoopPhase::NotAccepting);
}

void HTTPServer::stopAll(bool abort) {
    if (abort) {
        endPauses();
        requestPhase(LoopPhase::Aborting);
    }
    stopAccepting();
    const std::lock_guard lock(_threadsMutex);
    requestPhase(LoopPhase::Ending);
    for (auto& thread : _threads) {
        if (thread.joinable()) thread.join();
    }
}

void HTTPServer::setLimits(const ServerLimits& limits) {
    _context->limits.replace(limits);
    _context->connections.setLimits(limits);
    _context->memory.setMax(limits.maxConnectionMemory);
    _context->workers.setMaxQueue(limits.maxBlockingQueue);
    _context->reservedWorkers.setMaxQueue(limits.maxBlockingQueue);
    for (const auto& loop : _loops)
        loop->wake();
}

bool HTTPServer::isResponsive(std::chrono::milliseconds timeout) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::vector<std::future<void>> pings;
    for (const auto& loop : _loops)
        pings.push_back(loop->ping());
    return std::all_of(pings.begin(), pings.end(), [deadline](const std::future<void>& ping) {
        return ping.wait_until(deadline) == std::future_status::ready;
    });
}

ServerCounters HTTPServer::counters() const {
    ServerCounters sum;
    for (const auto& loop : _loops)
        sum += loop->snapshot();
    sum.memory = _context->memory.used();
    return sum;
}

}  // namespace changebank::http
