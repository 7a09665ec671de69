#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/http/loop/Connection.h"
#include "changebank/daemon/http/loop/ConnectionCounters.h"
#include "changebank/daemon/http/loop/Exchange.h"
#include "changebank/daemon/http/loop/OutputBuffer.h"
#include "changebank/daemon/http/loop/PhaseDeadlines.h"
#include "changebank/daemon/http/loop/ServerContext.h"
#include "changebank/daemon/http/message/HttpDate.h"
#include "changebank/daemon/http/message/RequestIds.h"
#include "changebank/daemon/http/socket/Acceptor.h"

namespace changebank::http {

/// One thread of a server: accepts connections and serves them with epoll. The listener, which all loops
/// share with EPOLLEXCLUSIVE, is level-triggered; connections are edge-triggered, so that each needs one
/// epoll_ctl.
class EventLoop {
public:
    /// What the loop does; each phase includes the ones before it.
    enum class Phase {
        Serving,
        NotAccepting,  ///< Accepts no more connections.
        Draining,      ///< Closes idle connections, and the others after their response.
        Aborting       ///< Closes all connections immediately.
    };

    /// Maximum length of the deferred queue (measured by `tests/bench/run --only=bad`).
    static constexpr std::size_t maxDeferred = 256;

    /// `server` and the listener must outlive the loop. Throws Poco::SystemException if epoll or eventfd
    /// fails.
    EventLoop(ServerContext& server, const Acceptor& acceptor);
    ~EventLoop();

    /// All loops of the server, including this one, to distribute new connections over. Call before run().
    void setPeers(std::span<const std::unique_ptr<EventLoop>> peers) { _peers = peers; }

    /// The thread's function: runOnce() until the loop drains or aborts and no connection is left.
    void run();

    /// One iteration: waits for events and handles them all. For callers that drive the loop without a
    /// thread: does not wait if wake() was called before.
    void runOnce();

    // For any thread.

    /// Takes effect in the next iteration. A phase before the requested one changes nothing.
    void requestPhase(Phase phase);
    /// Makes the loop run its next iteration without waiting.
    void wake();
    void adopt(AcceptedSocket accepted);
    void complete(std::unique_ptr<Exchange> exchange);
    /// Becomes ready in the loop's next iteration, or immediately if run() has returned. May be dropped.
    std::future<void> ping();
    ServerCounters snapshot() const { return _counters.snapshot(); }
    /// The loop's connections, including those handed over that it has not taken yet.
    std::size_t load() const {
        return _open.load(std::memory_order_relaxed) + _incoming.load(std::memory_order_relaxed);
    }

    // For the connections.

    ServerContext& server() { return _server; }
    ConnectionCounters& counters() { return _counters; }
    PhaseDeadlines& deadlines() { return _deadlines; }
    RequestIds& requestIds() { return _requestIds; }
    /// The time at which this iteration's events were fetched.
    Clock::Monotonic now() const { return _now; }
    std::string_view date() { return _date.at(_now, _server.clock); }
    bool isDraining() const { return _requestedPhase.load(std::memory_order_relaxed) >= Phase::NotAccepting; }
    /// Scratch buffer for one read.
    std::span<char> inputBuffer() { return _input; }
    OutputBuffer& output() { return _output; }
    /// Keeps the fresh output of a connection until sendPostponed(), which comes at the end of the iteration
    /// at the latest.
    void postpone(Connection& connection);
    /// Calls Connection::sendPostponed() for all postponed output.
    void sendPostponed();
    std::unique_ptr<Exchange> takeExchange();
    void giveBack(std::unique_ptr<Exchange> exchange);
    /// Calls Connection::onResume() in the next iteration.
    void yield(Connection& connection) { _yielded.push_back(&connection); }
    /// Calls Connection::onResolve() after all requests that can be answered immediately.
    void defer(Connection& connection) { _deferred.push_back(&connection); }
    /// Destroys the closed connection at the end of the iteration.
    void scheduleDestroy(Connection& connection);

private:
    int waitTime() const;
    void refreshLimits();
    void processInbox();
    void finish();
    void enterPhase(Phase phase);
    void acceptSome();
    void startAccepting();
    void pauseAccepting();
    void resumeAccepting();
    void stopAccepting();
    void assignToLoop(AcceptedSocket accepted);
    void open(AcceptedSocket accepted);
    bool isPeerAllowed(const Endpoints& endpoints) const;
    void reject(AcceptedSocket accepted, ServerResponse::HTTPStatus status);
    Connection* watch(AcceptedSocket accepted, ConnectionLimiter::Slot slot);
    void expire();
    void resumeYielded();
    void runDeferred();
    void runFirstDeferred();
    void limitDeferred();
    void destroyClosed();
    void publishLoad();
    void forEachConnection(const std::function<void(Connection&)>& action);
    bool isDone() const;

    ServerContext& _server;
    Acceptor _acceptor;
    std::span<const std::unique_ptr<EventLoop>> _peers;
    FileDescriptor _epoll;
    FileDescriptor _wakeUp;

    std::atomic<Phase> _requestedPhase{Phase::Serving};
    std::atomic<std::size_t> _open{0};
    std::atomic<std::size_t> _incoming{0};
    std::mutex _inboxMutex;
    std::vector<AcceptedSocket> _accepted;
    std::vector<std::unique_ptr<Exchange>> _completions;
    std::vector<std::promise<void>> _pings;
    bool _done = false;

    std::uint64_t _limitsGeneration;
    ServerLimits _limits;
    ConnectionCounters _counters;
    PhaseDeadlines _deadlines;
    RequestIds _requestIds;
    HttpDate _date;
    Clock::Monotonic _now;
    Phase _phase = Phase::Serving;
    bool _accepting = false;
    Clock::Monotonic _acceptAgain{};
    Clock::Monotonic _drainEnd{};

    std::vector<char> _input;
    OutputBuffer _output;
    std::vector<std::unique_ptr<Exchange>> _spareExchanges;
    std::vector<std::unique_ptr<Connection>> _connections;
    std::vector<Connection*> _yielded;
    std::deque<Connection*> _deferred;
    std::vector<Connection*> _closed;
};

}  // namespace changebank::http
