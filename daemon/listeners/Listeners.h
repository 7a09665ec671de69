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

/// The daemon's HTTP servers: the API and, if configured, the metrics listener and the admin socket. Applies
/// new settings while serving: limits and certificates in place; another address, number of threads or
/// transport by a new server, which accepts before the old one drains. Settings are exchanged on one thread;
/// everything else is thread-safe.
class Listeners {
public:
    /// The request handler factory of each ListenerPurpose.
    struct Factories {
        Poco::Net::HTTPRequestHandlerFactory::Ptr api;
        Poco::Net::HTTPRequestHandlerFactory::Ptr metrics;
        Poco::Net::HTTPRequestHandlerFactory::Ptr admin;
    };

    /// `observer` is notified of the API's requests.
    Listeners(Factories factories, AccessObserver::Ptr observer);

    /// Stops like stop(true).
    ~Listeners();

    Listeners(const Listeners&) = delete;
    Listeners& operator=(const Listeners&) = delete;

    class PendingUpdate;

    /// Starts the servers that other settings need in addition to the current ones, so that failures occur
    /// before any server is stopped. `tls` is the API's context, null for plain HTTP. Throws Poco::Exception
    /// or std::system_error if the system is out of descriptors or threads. Dropping the result stops the new
    /// servers.
    PendingUpdate prepare(const Settings& settings, ListenerSockets sockets,
                          Poco::Net::Context::Ptr tls) const;

    /// Switches to the prepared servers and drains the replaced ones in the background.
    void commit(PendingUpdate pending);

    const ListenerSockets& sockets() const noexcept { return _sockets; }

    /// Drains and returns when no connection is left; with `abort`, closes all connections at once, including
    /// those that another call is draining.
    void stop(bool abort);

    /// The state of one listener.
    struct Status {
        ListenerPurpose purpose;
        /// `HOST:PORT` with the bound port, or the path.
        std::string address;
        bool isSecure = false;
    };
    std::vector<Status> status() const;

    /// The sum over the API's servers, including replaced ones, so that counters never decrease.
    http::ServerCounters counters() const;

    /// Whether every event loop of every server completes an iteration within the timeout.
    bool isResponsive(std::chrono::milliseconds timeout) const;

private:
    /// A server and the parameters that require a new one when they change.
    struct Serving {
        ListenerPurpose purpose;
        std::shared_ptr<const BoundSocket> socket;
        std::array<unsigned, 3> threads{};
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
    /// Guards the members below.
    mutable std::mutex _mutex;
    Servers _servers;
    std::list<Draining> _draining;
    /// The counters of API servers that are gone.
    http::ServerCounters _countersOfRemoved;
};

/// A prepared update, for commit().
class Listeners::PendingUpdate {
    friend class Listeners;
    PendingUpdate() = default;

    ListenerSockets _sockets;
    Poco::Net::Context::Ptr _tls;
    http::ServerLimits _limits;
    /// For each purpose: whether the current server stays, and otherwise its replacement.
    std::array<bool, listenerPurposes.size()> _isKept{};
    Servers _next;
};

}  // namespace changebank::daemon
