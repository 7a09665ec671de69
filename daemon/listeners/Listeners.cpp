#include "changebank/daemon/listeners/Listeners.h"

#include <Poco/Exception.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <future>
#include <utility>

#include "changebank/daemon/http/ServerParams.h"
#include "changebank/daemon/http/socket/Listener.h"
#include "changebank/daemon/listeners/AdminPeers.h"
#include "changebank/daemon/listeners/ListenerLimits.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/process/DescriptorLimit.h"

namespace changebank::daemon {

namespace {

/// Duplicates the descriptor, since each server closes the socket that it is given.
Poco::Net::ServerSocket shared(const Poco::Net::ServerSocket& socket) {
    const int descriptor = ::fcntl(socket.impl()->sockfd(), F_DUPFD_CLOEXEC, 0);
    if (descriptor < 0) throw Poco::SystemException("cannot share a listening socket", errno);
    return http::adoptListener(descriptor);
}

void warnOfDescriptors(std::size_t wanted, std::size_t granted) {
    if (granted >= wanted) return;
    log(Poco::Message::PRIO_WARNING, "server.maxConnections is " + std::to_string(wanted) + ", but " +
                                         std::to_string(DescriptorLimit::current().descriptors()) +
                                         " file descriptors allow only " + std::to_string(granted) +
                                         "; raise LimitNOFILE= or ulimit -n");
}

/// The limits that are fixed when a server is constructed.
std::array<unsigned, 3> threadsOf(const http::ServerLimits& limits) {
    return {limits.threads, static_cast<unsigned>(limits.blockingThreads),
            static_cast<unsigned>(limits.reservedThreads)};
}

std::size_t indexOf(ListenerPurpose purpose) {
    return static_cast<std::size_t>(purpose);
}

std::string boundAddress(const BoundSocket& socket) {
    return socket.socket.address().toString();
}

void announce(const Listeners::Status& status) {
    if (status.purpose == ListenerPurpose::api) {
        log(Poco::Message::PRIO_INFORMATION,
            (status.address.starts_with('/') ? "listening on unix:" : "listening on ") + status.address);
    } else {
        log(Poco::Message::PRIO_INFORMATION,
            std::string(nameOf(status.purpose)) + " served on " + status.address);
    }
}

}  // namespace

Listeners::Listeners(Factories factories, Observers observers)
    : _factories(std::move(factories)), _observers(std::move(observers)) {}

Listeners::~Listeners() {
    stop(true);
}

Listeners::Serving Listeners::preparedServer(ListenerPurpose purpose, const Settings& settings,
                                             std::shared_ptr<const BoundSocket> socket,
                                             const Poco::Net::Context::Ptr& tls) const {
    const auto limits = limitsOf(purpose, settings);
    http::ServerParams::Ptr params(new http::ServerParams(limits));
    Serving serving{purpose, std::move(socket), threadsOf(limits), nullptr, nullptr, {}};
    if (tls) {
        serving.certificates = std::make_shared<http::ReplaceableTlsContext>(tls);
        params->setTlsContextSource(serving.certificates);
    }
    if (purpose == ListenerPurpose::api) params->setAccessObserver(_observers.api);
    if (purpose == ListenerPurpose::revocation) params->setAccessObserver(_observers.revocation);
    if (purpose == ListenerPurpose::decision) params->setAccessObserver(_observers.decision);
    if (purpose == ListenerPurpose::admin) params->setPeerCheck(isAdminPeer);
    params->setSharedListener(serving.socket->isPassed);
    const std::array factories{_factories.api, _factories.metrics, _factories.admin, _factories.revocation,
                               _factories.decision};
    serving.server = std::make_shared<http::HTTPServer>(factories[indexOf(purpose)],
                                                        shared(serving.socket->socket), params);
    serving.status = {purpose, boundAddress(*serving.socket), static_cast<bool>(tls), {}};
    serving.server->prepare();
    return serving;
}

Listeners::PendingUpdate Listeners::prepare(const Settings& settings, ListenerSockets sockets,
                                            Poco::Net::Context::Ptr tls) const {
    const Poco::Net::Context::Ptr plain;
    PendingUpdate pending;
    for (const auto purpose : listenerPurposes)
        pending._limits[indexOf(purpose)] = limitsOf(purpose, settings);
    warnOfDescriptors(settings.server.limits.maxConnections, pending._limits.front().maxConnections);
    for (const auto purpose : listenerPurposes) {
        const auto& socket = sockets.of(purpose);
        const auto& context = purpose == ListenerPurpose::api ? tls : plain;
        const auto& current = _servers[indexOf(purpose)];
        auto& isKept = pending._isKept[indexOf(purpose)];
        isKept = socket && current && current->socket == socket &&
                 current->threads == threadsOf(limitsOf(purpose, settings)) &&
                 current->status.isSecure == static_cast<bool>(context);
        if (isKept) continue;
        if (socket) pending._next[indexOf(purpose)] = preparedServer(purpose, settings, socket, context);
        if (current) pending._replaced.emplace_back(current->server, purpose, current->socket);
    }
    pending._sockets = std::move(sockets);
    pending._tls = std::move(tls);
    return pending;
}

void Listeners::commit(PendingUpdate pending) {
    removeDrained();
    for (const auto& next : pending._next) {
        if (!next) continue;
        next->server->start();
        announce(next->status);
    }
    const std::lock_guard lock(_mutex);
    for (const auto purpose : listenerPurposes) {
        const auto index = indexOf(purpose);
        if (!pending._isKept[index]) _servers[index] = std::move(pending._next[index]);
    }
    handOverServed(_draining);
    handOverServed(pending._replaced);
    for (const auto& serving : _servers) {
        // A draining server may have had the kernel refuse connections to it.
        if (serving && !serving->socket->address.isUnix()) http::admitConnections(serving->socket->socket);
    }
    for (auto& replaced : pending._replaced)
        replaced.begin();
    _draining.splice(_draining.end(), pending._replaced);
    const auto& api = _servers[indexOf(ListenerPurpose::api)];
    for (const auto purpose : listenerPurposes) {
        const auto& serving = _servers[indexOf(purpose)];
        if (serving) serving->server->setLimits(pending._limits[indexOf(purpose)]);
    }
    if (api->certificates) api->certificates->replace(pending._tls);
    _sockets = std::move(pending._sockets);
}

/// Has servers leave their listening sockets to the current ones, where those use them. Requires _mutex.
void Listeners::handOverServed(const std::list<DrainingServer>& replaced) {
    for (const auto& each : replaced) {
        if (isServed(each.socket())) each.server()->handOver();
    }
}

/// Requires _mutex.
bool Listeners::isServed(const std::shared_ptr<const BoundSocket>& socket) const {
    return socket && std::any_of(_servers.begin(), _servers.end(),
                                 [&](const auto& serving) { return serving && serving->socket == socket; });
}

ListenerSockets Listeners::sockets() const {
    const std::lock_guard lock(_mutex);
    auto sockets = _sockets;
    for (const auto& draining : _draining) {
        if (auto socket = draining.socket(); socket && !socket->address.isUnix())
            sockets.addRetired(std::move(socket));
    }
    return sockets;
}

void Listeners::removeDrained() {
    std::list<DrainingServer> drained;
    const std::lock_guard lock(_mutex);
    for (auto draining = _draining.begin(); draining != _draining.end();) {
        const auto next = std::next(draining);
        if (draining->isDrained()) drained.splice(drained.end(), _draining, draining);
        draining = next;
    }
    for (const auto& each : drained)
        _countersOfRemoved[indexOf(each.purpose())] += each.server()->counters();
}

std::vector<std::shared_ptr<http::HTTPServer>> Listeners::drainingServers() const {
    std::vector<std::shared_ptr<http::HTTPServer>> servers;
    const std::lock_guard lock(_mutex);
    for (const auto& draining : _draining)
        servers.push_back(draining.server());
    return servers;
}

void Listeners::stop(bool abort, const std::function<void()>& apiStopped) {
    // These two first, so that an operator can watch them drain, and at the same time, so that one drain
    // delay is enough.
    auto decisions = std::async([this, abort] { stopListener(ListenerPurpose::decision, abort); });
    stopListener(ListenerPurpose::api, abort);
    decisions.get();
    if (apiStopped) apiStopped();
    for (const auto purpose : {ListenerPurpose::metrics, ListenerPurpose::admin, ListenerPurpose::revocation})
        stopListener(purpose, abort);
    for (const auto& server : drainingServers())
        server->stopAll(abort);
}

void Listeners::stopListener(ListenerPurpose purpose, bool abort) {
    std::shared_ptr<http::HTTPServer> server;
    {
        const std::lock_guard lock(_mutex);
        if (const auto& serving = _servers[indexOf(purpose)]) server = serving->server;
    }
    if (!server) return;
    if (!abort) server->stopAccepting();
    closeSocket(purpose);
    server->stopAll(abort);
}

/// The server's own descriptor is closed already; these would keep the socket listening.
void Listeners::closeSocket(ListenerPurpose purpose) {
    std::shared_ptr<const BoundSocket> closed;
    const std::lock_guard lock(_mutex);
    if (auto& serving = _servers[indexOf(purpose)]) std::swap(serving->socket, closed);
    _sockets.close(purpose);
}

std::vector<Listeners::Status> Listeners::status() const {
    std::vector<Status> all;
    const std::lock_guard lock(_mutex);
    for (const auto& serving : _servers) {
        if (!serving) continue;
        auto& status = all.emplace_back(serving->status);
        if (serving->certificates)
            status.certificateExpiry = http::certificateExpiry(*serving->certificates->current());
    }
    return all;
}

http::ServerCounters Listeners::counters(ListenerPurpose purpose) const {
    const std::lock_guard lock(_mutex);
    auto sum = _countersOfRemoved[indexOf(purpose)];
    if (const auto& serving = _servers[indexOf(purpose)]) sum += serving->server->counters();
    for (const auto& draining : _draining) {
        if (draining.purpose() == purpose) sum += draining.server()->counters();
    }
    return sum;
}

bool Listeners::isResponsive(std::chrono::milliseconds timeout) const {
    std::vector<std::shared_ptr<http::HTTPServer>> servers;
    {
        const std::lock_guard lock(_mutex);
        for (const auto& serving : _servers) {
            if (serving) servers.push_back(serving->server);
        }
    }
    return std::all_of(servers.begin(), servers.end(),
                       [timeout](const auto& server) { return server->isResponsive(timeout); });
}

}  // namespace changebank::daemon
