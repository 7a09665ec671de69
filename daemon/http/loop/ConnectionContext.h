#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/http/loop/ConnectionCounters.h"
#include "changebank/daemon/http/loop/DeferredQueue.h"
#include "changebank/daemon/http/loop/Exchange.h"
#include "changebank/daemon/http/loop/Inbox.h"
#include "changebank/daemon/http/loop/OutputBuffer.h"
#include "changebank/daemon/http/loop/PhaseDeadlines.h"
#include "changebank/daemon/http/loop/ServerContext.h"
#include "changebank/daemon/http/message/HttpDate.h"
#include "changebank/daemon/http/message/RequestIds.h"

namespace changebank::http {

class Connection;

/// What an event loop does; each phase includes the ones before it.
enum class LoopPhase {
    Serving,
    LameDuck,      ///< Serves on, with "Connection: close" in each response.
    Draining,      ///< Closes idle connections.
    NotAccepting,  ///< Has accepted what was left in the listener's queue.
    Ending,        ///< Ends with the last connection.
    Aborting       ///< Closes all connections immediately.
};

/// What an event loop shares with its connections. For the loop's thread; the inbox, the counters and the
/// atomic values are for any thread.
struct ConnectionContext {
    /// `context` must outlive this. Throws Poco::SystemException if eventfd fails.
    explicit ConnectionContext(ServerContext& context);
    ~ConnectionContext();
    ConnectionContext(const ConnectionContext&) = delete;
    ConnectionContext& operator=(const ConnectionContext&) = delete;

    /// Whether connections close after their response.
    bool isLameDuck() const { return isIn(LoopPhase::LameDuck); }
    bool isDraining() const { return isIn(LoopPhase::Draining); }
    /// The value of the Date field.
    std::string_view date() { return httpDate.at(now, server.clock); }

    /// Keeps the fresh output of a connection until sendPostponed(), which comes at the end of the iteration
    /// at the latest.
    void postpone(Connection& connection);
    /// Calls Connection::sendPostponed() for all postponed output.
    void sendPostponed();
    /// Calls Connection::onResume() in the next iteration.
    void yield(Connection& connection) { yielded.push_back(&connection); }
    /// Calls Connection::onResolve() after all requests that can be answered immediately.
    void defer(Connection& connection, bool isPreferred = false) { deferred.push(connection, isPreferred); }
    /// Enters a connection whose request is about to be suspended. Returns its number for Inbox::resume().
    std::uint64_t suspend(Connection& connection);
    /// Destroys a closed connection at the end of the iteration. Needs no memory after reserve().
    void destroy(Connection& connection) noexcept;
    /// Makes room for so many connections.
    void reserve(std::size_t connections);

    /// Exchanges are pooled.
    std::unique_ptr<Exchange> takeExchange();
    void recycle(std::unique_ptr<Exchange> exchange) noexcept;

    bool isIn(LoopPhase phase) const { return requestedPhase.load(std::memory_order_relaxed) >= phase; }

    ServerContext& server;
    std::atomic<LoopPhase> requestedPhase{LoopPhase::Serving};
    Inbox inbox;

    ServerLimits limits;
    ConnectionCounters counters;
    ConnectionCounters::Count open;  ///< Connections that are not closed.
    PhaseDeadlines deadlines;
    RequestIds requestIds;
    HttpDate httpDate;
    Clock::Monotonic now;             ///< When this iteration's events were fetched.
    Clock::Monotonic lastResponse{};  ///< When the observer was last told of a response.

    std::vector<char> input;  ///< Scratch buffer for one read.
    OutputBuffer output;
    std::vector<std::unique_ptr<Exchange>> spareExchanges;
    std::vector<Connection*> yielded;
    DeferredQueue deferred;
    std::uint64_t lastSuspension = 0;
    std::unordered_map<std::uint64_t, Connection*> suspended;
    /// Suspensions whose event has come, for Connection::onResumed().
    std::deque<std::uint64_t> resumed;
    std::vector<Connection*> closed;
    /// Connections that hold memory which closing them would free, and that wait for their clients or for
    /// an event: those that have held some longest come first.
    std::list<Connection*> holders;
};

}  // namespace changebank::http
