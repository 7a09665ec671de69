#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <array>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "changebank/daemon/http/HTTPServer.h"
#include "changebank/daemon/http/socket/TlsContextSource.h"
#include "changebank/daemon/listeners/DrainingServer.h"
#include "changebank/daemon/listeners/ListenerSockets.h"

namespace changebank::daemon {

/// The daemon's HTTP servers: the API and, if configured, the metrics listener, the admin socket, the
/// receiver of FusionAuth's events and the decision endpoint. Applies new settings while serving: limits and
/// certificates in place; another address, number of threads or transport by a new server, which accepts
/// before the old one drains. Settings are exchanged on one thread; everything else is thread-safe.
class Listeners {
public:
    /// The request handler factory of each ListenerPurpose.
    struct Factories {
        Poco::Net::HTTPRequestHandlerFactory::Ptr api;
        Poco::Net::HTTPRequestHandlerFactory::Ptr metrics;
        Poco::Net::HTTPRequestHandlerFactory::Ptr admin;
        Poco::Net::HTTPRequestHandlerFactory::Ptr revocation;
        Poco::Net::HTTPRequestHandlerFactory::Ptr decision;
    };

    /// Are notified of the requests of these listeners, if not null.
    struct Observers {
        AccessObserver::Ptr api{};
        AccessObserver::Ptr revocation{};
        AccessObserver::Ptr decision{};
    };

    Listeners(Factories factories, Observers observers);

    /// Stops like stop(true).
    ~Listeners();

    Listeners(const Listeners&) = delete;
    Listeners& operator=(const Listeners&) = delete;

    class PendingUpdate;

    /// Prepares the servers that other settings need in addition to the current ones, with everything that
    /// can fail: descriptors, threads. None of them accepts a connection before commit(). `tls` is the API's
    /// context, null for plain HTTP. Throws Poco::Exception or std::system_error. May be dropped.
    PendingUpdate prepare(const Settings& settings, ListenerSockets sockets,
                          Poco::Net::Context::Ptr tls) const;

    /// Starts the prepared servers and drains the replaced ones in the background. Cannot fail.
    void commit(PendingUpdate pending);

    /// The sockets in use, and those of replaced servers that listen still: a reload may return to one.
    ListenerSockets sockets() const;

    /// Drains the API and the decision endpoint, then the other listeners one by one, closes each and returns
    /// when no connection is left; with `abort`, closes all connections at once, including those that another
    /// call is draining. `apiStopped` is called once no request of the API or the decision endpoint is
    /// left.
    void stop(bool abort, const std::function<void()>& apiStopped = {});

    /// The state of one listener.
    struct Status {
        ListenerPurpose purpose;
        /// `HOST:PORT` with the bound port, or the path.
        std::string address;
        bool isSecure = false;
        /// When the certificate for new connections expires; std::nullopt without TLS.
        std::optional<std::chrono::sys_seconds> certificateExpiry{};
    };
    std::vector<Status> status() const;

    /// The sum over the servers of a purpose, including replaced ones, so that counters never decrease.
    http::ServerCounters counters(ListenerPurpose purpose = ListenerPurpose::api) const;

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

    Serving preparedServer(ListenerPurpose purpose, const Settings& settings,
                           std::shared_ptr<const BoundSocket> socket,
                           const Poco::Net::Context::Ptr& tls) const;
    void removeDrained();
    void handOverServed(const std::list<DrainingServer>& replaced);
    bool isServed(const std::shared_ptr<const BoundSocket>& socket) const;
    void stopListener(ListenerPurpose purpose, bool abort);
    void closeSocket(ListenerPurpose purpose);
    std::vector<std::shared_ptr<http::HTTPServer>> drainingServers() const;

    Factories _factories;
    Observers _observers;
    /// Guards the members below.
    mutable std::mutex _mutex;
    ListenerSockets _sockets;
    Servers _servers;
    std::list<DrainingServer> _draining;
    /// The counters of servers that are gone, by purpose.
    std::array<http::ServerCounters, listenerPurposes.size()> _countersOfRemoved;
};

/// A prepared update, for commit().
class Listeners::PendingUpdate {
    friend class Listeners;
    PendingUpdate() = default;

    ListenerSockets _sockets;
    Poco::Net::Context::Ptr _tls;
    /// Those that apply in place, by purpose.
    std::array<http::ServerLimits, listenerPurposes.size()> _limits;
    /// For each purpose: whether the current server stays, and otherwise its replacement.
    std::array<bool, listenerPurposes.size()> _isKept{};
    Servers _next;
    /// One for each server that is replaced.
    std::list<DrainingServer> _replaced;
};

}  // namespace changebank::daemon
