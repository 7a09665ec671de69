#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "changebank/daemon/http/ServerParams.h"
#include "changebank/daemon/http/loop/ConnectionCounters.h"
#include "changebank/daemon/http/socket/Listener.h"

namespace changebank::http {

class EventLoop;
struct ServerContext;

/// An HTTP/1.1 server (RFC 9110, RFC 9112) with the interface of Poco::Net::HTTPServer: handlers and
/// factories written for that one work here unchanged.
///
/// A few threads, one per usable processor unless the limits say otherwise, serve all connections by epoll.
/// The factory and the handlers run on these threads and must not wait there; a handler that may wait says so
/// by deriving from BlockingRequestHandler, and runs on a thread pool. A request's body is whole
/// before its handler is made; an answer is sent when its handler is done. Whatever a factory or handler
/// throws goes to Poco::ErrorHandler, and its client gets a 500.
class HTTPServer {
public:
    /// The socket must be bound and listening, see listenOn(); a Poco::Net::SecureServerSocket makes it
    /// HTTPS. The server closes it when it stops. Limits and more come in a ServerParams; see
    /// ServerParams::limitsOf() for POCO's own class.
    HTTPServer(Poco::Net::HTTPRequestHandlerFactory::Ptr factory, const Poco::Net::ServerSocket& socket,
               Poco::Net::HTTPServerParams::Ptr params);

    /// The same, with blocking handlers on the given pool, which must outlive the server.
    HTTPServer(Poco::Net::HTTPRequestHandlerFactory::Ptr factory, Poco::ThreadPool& pool,
               const Poco::Net::ServerSocket& socket, Poco::Net::HTTPServerParams::Ptr params);

    /// Stops like stopAll(true) and waits for handlers that still run.
    ~HTTPServer();

    HTTPServer(const HTTPServer&) = delete;
    HTTPServer& operator=(const HTTPServer&) = delete;

    /// Begins to accept connections; once in a server's life. Throws Poco::SystemException if the system does
    /// not give all threads; the server can then only be destroyed.
    void start();

    /// Drains, like stopAll(false).
    void stop() { stopAll(false); }

    /// Closes the listening socket, then the connections, and returns when there are none left. Without
    /// `abort` those that wait for a request are closed after ServerLimits::drainGrace, requests in flight
    /// are answered with "Connection: close", and what is left after drainTimeout is cut. With `abort` all
    /// are cut at once, also those that another thread's call is draining. A blocking handler is never
    /// interrupted, only its connection. May be called from any thread but the server's own, and more than
    /// once.
    void stopAll(bool abort = false);

    /// Serves by other limits from now on: deadlines that are set are set anew, a request that begins later
    /// is bound by the new sizes, a connection that comes later by the new numbers; those that are open stay
    /// open. The numbers of threads are those of the beginning. May be called from any thread, at any time.
    void setLimits(const ServerLimits& limits);

    /// Whether every event loop completes an iteration within the timeout, so that none is stuck in a
    /// handler: for a watchdog. True for a loop that has stopped, false for one that was never started. May
    /// be called from any thread but the server's own.
    bool isResponsive(std::chrono::milliseconds timeout) const;

    /// The port that the socket is bound to; 0 for a Unix socket.
    Poco::UInt16 port() const { return _port; }

    /// Connections that are open now.
    int currentConnections() const { return static_cast<int>(counters().open()); }

    /// All counters, taken without holding anybody up, so that they may be a request apart.
    ServerCounters counters() const;

    const Poco::Net::HTTPServerParams& params() const { return *_params; }

private:
    HTTPServer(Poco::Net::HTTPRequestHandlerFactory::Ptr factory, Poco::ThreadPool* pool,
               const Poco::Net::ServerSocket& socket, Poco::Net::HTTPServerParams::Ptr params);

    Poco::Net::ServerSocket _socket;
    Poco::Net::HTTPServerParams::Ptr _params;
    Poco::UInt16 _port;
    std::unique_ptr<Poco::ThreadPool> _ownPool;
    std::unique_ptr<ServerContext> _context;
    std::vector<std::unique_ptr<EventLoop>> _loops;
    std::mutex _threadsMutex;
    std::vector<std::jthread> _threads;
};

}  // namespace changebank::http
