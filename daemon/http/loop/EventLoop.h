#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/http/loop/Connection.h"
#include "changebank/daemon/http/loop/ConnectionContext.h"
#include "changebank/daemon/http/loop/ConnectionCounters.h"
#include "changebank/daemon/http/loop/ServerContext.h"
#include "changebank/daemon/http/socket/Acceptor.h"

namespace changebank::http {

/// One thread of a server: accepts connections and serves them with epoll. The listener, which all loops
/// share with EPOLLEXCLUSIVE, is level-triggered; connections are edge-triggered, so that each needs one
/// epoll_ctl.
class EventLoop {
public:
    using Phase = LoopPhase;

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
    void wake() { _context.inbox.wake(); }
    void adopt(AcceptedSocket accepted);
    /// Becomes ready in the loop's next iteration, or immediately if run() has returned. May be dropped.
    std::future<void> ping() { return _context.inbox.ping(); }
    ServerCounters snapshot() const { return _context.counters.snapshot(); }
    /// The loop's connections, including those handed over that it has not taken yet.
    std::size_t load() const { return _context.open.get() + _incoming.load(std::memory_order_relaxed); }

private:
    int waitTime() const;
    void refreshLimits();
    void processInbox();
    void enterPhase(Phase phase);
    void acceptSome();
    void startAccepting();
    void pauseAccepting();
    void resumeAccepting();
    void stopAccepting();
    bool hasEmptiedQueue();
    void assignToLoop(AcceptedSocket accepted);
    void open(AcceptedSocket accepted) noexcept;
    void admit(AcceptedSocket accepted);
    std::optional<ConnectionLimiter::Slot> slotFor(const Poco::Net::SocketAddress& client);
    bool isPeerAllowed(const Endpoints& endpoints) const;
    void reject(AcceptedSocket accepted, ServerResponse::HTTPStatus status);
    Connection& watch(AcceptedSocket accepted, ConnectionLimiter::Slot slot);
    void expire();
    void resumeYielded();
    void runDeferred();
    void runFirstDeferred();
    void deferResumed();
    void limitDeferred();
    void limitMemory();
    Connection* evictable() const;
    void trimHeap() noexcept;
    void destroyClosed();
    void forEachConnection(const std::function<void(Connection&)>& action);
    bool isDone() const;

    ServerContext& _server;
    std::uint64_t _limitsGeneration;  ///< Read before the limits, so that no change is missed.
    ConnectionContext _context;
    Acceptor _acceptor;
    std::span<const std::unique_ptr<EventLoop>> _peers;
    FileDescriptor _epoll;

    std::atomic<std::size_t> _incoming{0};
    Phase _phase = Phase::Serving;
    bool _accepting = false;
    bool _hasStoppedAccepting = false;
    Clock::Monotonic _acceptAgain{};
    Clock::Monotonic _drainEnd{};
    std::vector<std::unique_ptr<Connection>> _connections;
};

}  // namespace changebank::http
