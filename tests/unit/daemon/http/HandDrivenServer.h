#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/ThreadPool.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "changebank/daemon/http/ServerParams.h"
#include "changebank/daemon/http/loop/EventLoop.h"
#include "changebank/daemon/http/socket/Listener.h"
#include "changebank/daemon/http/socket/TlsContextSource.h"
#include "tests/support/ManualClock.h"

namespace changebank::http::test {

/// A server's event loop without a thread: it runs when a client does something, until there is nothing left
/// to do. So each part that a client sends is read by itself. Time stands still unless a test advances it.
class HandDrivenServer {
public:
    explicit HandDrivenServer(Poco::Net::HTTPRequestHandlerFactory::Ptr factory,
                              const ServerLimits& limits = {}, AccessObserver::Ptr observer = nullptr,
                              TlsContextSource::Ptr tls = nullptr)
        : _context{
              .factory = factory,
              .params = new ServerParams(limits),
              .limits = ReplaceableLimits(limits),
              .observer = std::move(observer),
              .tls = std::move(tls),
              .peerCheck = {},
              .clock = _clock,
              .workers = {_pool, 1, 4},
              .reservedWorkers = {_pool, 1, 4},
              .connections = ConnectionLimiter(std::size_t{1000}),
              .rejections = ConnectionLimiter(std::size_t{100}),
              .memory = MemoryBudget(limits.maxConnectionMemory),
              .errors = dynamic_cast<ErrorResponder*>(factory.get()),
              .accepting = std::latch(1),
          },
          _loop(_context, Acceptor(_listener)) {}

    class Client {
    public:
        Client(HandDrivenServer& server, FileDescriptor socket, bool reading)
            : _server(server), _socket(std::move(socket)), _reading(reading) {}

        void send(std::string_view bytes) {
            give(bytes);
            receive();
        }
        /// Sends without running the server.
        void give(std::string_view bytes) {
            // The server may have closed the connection; that is not an error here.
            ::send(_socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        }
        /// What has come, without running the server.
        std::string taken() {
            std::array<char, 4096> buffer;
            const auto bytes = ::recv(_socket.get(), buffer.data(), buffer.size(), 0);
            return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(bytes, 0))};
        }
        /// Closes without reading.
        void vanish() { _socket.close(); }
        void endWriting() {
            ::shutdown(_socket.get(), SHUT_WR);
            receive();
        }
        /// Everything that came since the call before.
        std::string received() {
            receive();
            return std::exchange(_received, {});
        }
        bool isEnded() const { return _ended; }

    private:
        void receive() {
            _server.settle();
            std::array<char, 65536> buffer;
            while (_reading && !_ended) {
                const auto bytes = ::recv(_socket.get(), buffer.data(), buffer.size(), 0);
                if (bytes < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
                _ended = bytes <= 0;
                if (bytes > 0) _received.append(buffer.data(), static_cast<std::size_t>(bytes));
                _server.settle();
            }
        }

        HandDrivenServer& _server;
        FileDescriptor _socket;
        bool _reading;
        std::string _received;
        bool _ended = false;
    };

    /// A client that never reads unless `reading`.
    Client connect(bool reading = true, const std::string& host = "127.0.0.1") {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
            throw std::runtime_error("no sockets");
        const Poco::Net::SocketAddress address(host, 1);
        _loop.adopt(
            {FileDescriptor(ends[1]), std::make_shared<const Endpoints>(Endpoints{address, address})});
        settle();
        return Client(*this, FileDescriptor(ends[0]), reading);
    }

    /// Time passes, as while a handler works.
    void advance(std::chrono::nanoseconds span) { _clock.advance(span); }

    /// Time passes, and the server notices.
    void pass(std::chrono::milliseconds span) {
        _clock.advance(span);
        settle();
    }

    /// One iteration of the loop, with everything that happened since the one before.
    void runOnce() {
        _loop.wake();
        _loop.runOnce();
    }

    /// Takes effect in the next iteration.
    void request(EventLoop::Phase phase) { _loop.requestPhase(phase); }

    /// The server stops and finishes its requests.
    void drain() {
        _loop.requestPhase(EventLoop::Phase::Ending);
        settle();
    }

    /// The server stops and closes every connection.
    void abort() {
        _loop.requestPhase(EventLoop::Phase::Aborting);
        settle();
    }

    const Poco::Net::ServerSocket& listener() const { return _listener; }
    ServerContext& context() { return _context; }
    std::size_t connections() const { return _loop.load(); }
    ServerCounters counters() const { return _loop.snapshot(); }

private:
    /// The loop has nothing left to do after an iteration that changes no counter, except for the end of a
    /// blocking handler, which the next one sees.
    void settle() {
        for (int quiet = 0; quiet < 3; ++quiet) {
            const auto before = _loop.snapshot();
            _loop.wake();
            _loop.runOnce();
            _context.workers.join();
            _context.reservedWorkers.join();
            if (_loop.snapshot() != before) quiet = 0;
        }
    }

    tests::ManualClock _clock;
    Poco::Net::ServerSocket _listener = listenOn({"127.0.0.1", 0});
    Poco::ThreadPool _pool{"test", 1, 2 + 2 * BlockingWorkers::spareThreads};
    ServerContext _context;
    EventLoop _loop;
};

}  // namespace changebank::http::test
