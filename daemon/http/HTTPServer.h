#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <latch>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "changebank/daemon/http/ServerParams.h"
#include "changebank/daemon/http/loop/ConnectionCounters.h"
#include "changebank/daemon/http/socket/Listener.h"

namespace changebank::http {

class EventLoop;
enum class LoopPhase;
struct ServerContext;

/// An HTTP/1.1 server (RFC 9110, RFC 9112) with the interface of Poco::Net::HTTPServer: handlers and
/// factories written for that one work here unchanged.
///
/// A few threads, by default one per usable processor, serve all connections with epoll. The factory and the
/// handlers run on these threads and must not block. A handler that may block derives from
/// BlockingRequestHandler and runs on a thread pool; one that waits for an event derives from
/// SuspendedRequestHandler and needs no thread. The body is complete before the handler is created; the
/// response is sent when the handler has finished. An exception from a factory or handler goes to
/// Poco::ErrorHandler, and the client gets a 500.
class HTTPServer {
public:
    /// The socket must be bound and listening, see listenOn(); with a Poco::Net::SecureServerSocket the
    /// server speaks HTTPS. The server closes it when it stops. `params` may be a ServerParams with limits
    /// and more; ServerParams::limitsOf() says what POCO's own class means here.
    HTTPServer(Poco::Net::HTTPRequestHandlerFactory::Ptr factory, const Poco::Net::ServerSocket& socket,
               Poco::Net::HTTPServerParams::Ptr params);

    /// The same, with blocking handlers on the given pool, which must outlive the server. It should have room
    /// for blockingThreads and reservedThreads of ServerLimits.
    HTTPServer(Poco::Net::HTTPRequestHandlerFactory::Ptr factory, Poco::ThreadPool& pool,
               const Poco::Net::ServerSocket& socket, Poco::Net::HTTPServerParams::Ptr params);

    /// Calls stopAll(true) and waits for running handlers.
    ~HTTPServer();

    HTTPServer(const HTTPServer&) = delete;
    HTTPServer& operator=(const HTTPServer&) = delete;

    /// Creates the threads, so that start() cannot fail any more; they wait for it and accept nothing. Throws
    /// Poco::SystemException if a thread cannot be created; the server can then only be destroyed.
    void prepare();

    /// Starts accepting connections; may be called once. Calls prepare() if that was not done.
    void start();

    /// Drains, like stopAll(false).
    void stop() { stopAll(false); }

    /// Serves on for ServerLimits::drainDelay, with "Connection: close" in each response. Then has the kernel
    /// refuse new connections, see refuseConnections(), accepts those that it took before and closes the
    /// listening socket, and returns. Idle connections close after ServerLimits::drainGrace meanwhile. May be
    /// called from any thread but the server's own, and more than once.
    void stopAccepting();

    /// Calls stopAccepting(), finishes the requests in flight, and returns when no connection is left; what
    /// is left after drainTimeout is aborted. With `abort` all connections are aborted immediately, also
    /// those that another thread's call is draining. A blocking handler is never interrupted; only its
    /// connection is closed. May be called like stopAccepting().
    void stopAll(bool abort = false);

    /// Leaves the listening socket to another server that accepts from it: stops accepting at once, and
    /// stopping does not refuse connections then, see ServerParams::setSharedListener(). May be called from
    /// any thread, also while another one's call stops the server.
    void handOver();

    /// Replaces the limits. Timeouts apply to running deadlines too, sizes to requests that begin later,
    /// numbers of connections to later ones: open connections stay open. The numbers of threads do not
    /// change. May be called from any thread, at any time.
    void setLimits(const ServerLimits& limits);

    /// Whether every event loop completes an iteration within the timeout, so that none is stuck in a
    /// handler: for a watchdog. True for a loop that has stopped, false for one that was never started. May
    /// be called from any thread but the server's own.
    bool isResponsive(std::chrono::milliseconds timeout) const;

    /// The port that the socket is bound to; 0 for a Unix socket.
    Poco::UInt16 port() const { return _port; }

    /// Open connections.
    int currentConnections() const { return static_cast<int>(counters().open()); }

    /// The sum of all event loops' counters, read without a lock: they may be one request apart.
    ServerCounters counters() const;

    const Poco::Net::HTTPServerParams& params() const { return *_params; }

private:
    HTTPServer(Poco::Net::HTTPRequestHandlerFactory::Ptr factory, Poco::ThreadPool* pool,
               const Poco::Net::ServerSocket& socket, Poco::Net::HTTPServerParams::Ptr params);

    void createThreads();
    void releaseThreads();
    void requestPhase(LoopPhase phase);
    void refuseAndWait(const ServerLimits& limits);
    void pause(std::chrono::milliseconds time);
    void endPauses();

    Poco::Net::ServerSocket _socket;
    Poco::Net::HTTPServerParams::Ptr _params;
    Poco::UInt16 _port;
    std::unique_ptr<Poco::ThreadPool> _ownPool;
    std::unique_ptr<ServerContext> _context;
    std::vector<std::unique_ptr<EventLoop>> _loops;
    /// The threads run their loops if _isStarted is true when this is released, and end otherwise.
    std::latch _released{1};
    std::atomic<bool> _isStarted{false};
    /// Guards everything below.
    std::mutex _threadsMutex;
    bool _isReleased = false;
    std::vector<std::jthread> _threads;

    std::mutex _pauseMutex;
    std::condition_variable _pauseEnded;
    /// Guarded by _pauseMutex. Once true, this server does not refuse connections any more.
    bool _hasNoPauses = false;
};

}  // namespace changebank::http
