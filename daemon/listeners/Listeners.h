#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <array>
#include <atomic>
#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "changebank/daemon/http/HTTPServer.h"
#include "changebank/daemon/http/socket/TlsContextSource.h"
#include "changebank/daemon/listeners/ListenerSockets.h"

namespace changebank::daemon {

/// The HTTP servers of the daemon: the API, and where settings want them the metrics and the admin socket.
/// Takes over other settings while requests are served: limits and certificates in place; another address,
/// number of threads or kind of transport by another server, which accepts before the old one is drained.
/// Settings are exchanged from one thread; the rest may be called from any.
class Listeners {
public:
    /// What answers, for each ListenerPurpose.
    struct Factories {
        Poco::Net::HTTPRequestHandlerFactory::Ptr api;
        Poco::Net::HTTPRequestHandlerFactory::Ptr metrics;
        Poco::Net::HTTPRequestHandlerFactory::Ptr admin;
    };

    /// `observer` hears of the API's requests.
    Listeners(Factories factories, AccessObserver::Ptr observer);

    /// Stops like stop(true).
    ~Listeners();

    Listeners(const Listeners&) = delete;
    Listeners& operator=(const Listeners&) = delete;

    class PendingUpdate;

    /// Starts the servers that other settings need beside those at work, so that what can fail has not failed
    /// when the others are retired. `tls` is the API's context, null for plain HTTP. Throws Poco::Exception
    /// or std::system_error where the system gives no more descriptors or threads; servers that are in no
    /// plan any more stop at once.
    PendingUpdate prepare(const Settings& settings, ListenerSockets sockets,
                          Poco::Net::Context::Ptr tls) const;

    /// Serves by a plan from now on, and drains what is not wanted any more, without waiting for it.
    void commit(PendingUpdate pending);

    const ListenerSockets& sockets() const noexcept { return _sockets; }

    /// Drains, and returns when no connection is left; with `abort` cuts them, also those that another
    /// thread's call is draining.
    void stop(bool abort);

    /// One listener as it is now.
    struct Status {
        ListenerPurpose purpose;
        /// `HOST:PORT` with the port that is bound, or the path.
        std::string address;
        bool isSecure = false;
    };
    std::vector<Status> status() const;

    /// Those of the API's servers, retired ones among them, so that sums never go back.
    http::ServerCounters counters() const;

    /// Whether every event loop of every server completes an iteration within the timeout.
    bool isResponsive(std::chrono::milliseconds timeout) const;

private:
    /// A server, and what only another one could serve by.
    struct Serving {
        ListenerPurpose purpose;
        std::shared_ptr<const BoundSocket> socket;
        unsigned threads = 0;
        std::shared_ptr<http::ReplaceableTlsContext> certificates;
        std::shared_ptr<http::HTTPServer> server;
        Status status;
    };
    using Servers = std::array<std::optional<Serving>, listenerPurposes.size()>;

    struct Draining {
        std::shared_ptr<http::HTTPServer> server;
        ListenerPurpose purpose;
        std::atomic<bool> isDrained{false};
        std::thread thread;
    };

    Serving startServer(ListenerPurpose purpose, const Settings& settings,
                        std::shared_ptr<const BoundSocket> socket, const Poco::Net::Context::Ptr& tls) const;
    void replace(ListenerPurpose purpose, std::optional<Serving> next);
    void drain(Serving serving);
    void removeDrained();
    std::vector<std::shared_ptr<http::HTTPServer>> allServers() const;

    Factories _factories;
    AccessObserver::Ptr _observer;
    ListenerSockets _sockets;
    /// Guards what follows.
    mutable std::mutex _mutex;
    Servers _servers;
    std::list<Draining> _draining;
    /// What API servers that are gone had counted.
    http::ServerCounters _countersOfRemoved;
};

/// What is to serve.
class Listeners::PendingUpdate {
    friend class Listeners;
    PendingUpdate() = default;

    ListenerSockets _sockets;
    Poco::Net::Context::Ptr _tls;
    http::ServerLimits _limits;
    /// For each purpose, whether the server at work goes on, or else which takes its place.
    std::array<bool, listenerPurposes.size()> _isKept{};
    Servers _next;
};

}  // namespace changebank::daemon
