#include "changebank/daemon/listeners/Listeners.h"

#include <Poco/Exception.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "changebank/daemon/http/ServerParams.h"
#include "changebank/daemon/http/socket/Listener.h"
#include "changebank/daemon/listeners/AdminPeers.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/process/DescriptorLimit.h"

namespace changebank::daemon {

using namespace std::chrono_literals;

namespace {

/// Duplicates the descriptor, since each server closes the socket that it is given.
Poco::Net::ServerSocket shared(const Poco::Net::ServerSocket& socket) {
    const int descriptor = ::fcntl(socket.impl()->sockfd(), F_DUPFD_CLOEXEC, 0);
    if (descriptor < 0) throw Poco::SystemException("cannot share a listening socket", errno);
    return http::adoptListener(descriptor);
}

/// The limits of operators' listeners, which need little and must work when the API is overloaded.
http::ServerLimits operatorLimits() {
    http::ServerLimits limits;
    limits.threads = 1;
    limits.blockingThreads = 4;
    limits.maxConnections = 64;
    limits.maxHeaderBytes = std::size_t{8} * 1024;
    limits.maxBodyBytes = std::size_t{4} * 1024;
    limits.drainTimeout = 5s;
    return limits;
}

http::ServerLimits limitsOf(ListenerPurpose purpose, const Settings& settings) {
    if (purpose != ListenerPurpose::api) return operatorLimits();
    auto limits = settings.server.limits;
    limits.maxConnections = std::min(limits.maxConnections, DescriptorLimit::current().connections());
    return limits;
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
        log(Poco::Message::PRIO_INFORMATION, "listening on " + status.address);
    } else {
        log(Poco::Message::PRIO_INFORMATION,
            std::string(nameOf(status.purpose)) + " served on " + status.address);
    }
}

}  // namespace

Listeners::Listeners(Factories factories, AccessObserver::Ptr observer)
    : _factories(std::move(factories)), _observer(std::move(observer)) {}

Listeners::~Listeners() {
    stop(true);
    for (auto& draining : _draining)
        draining.thread.join();
}

Listeners::Serving Listeners::startServer(ListenerPurpose purpose, const Settings& settings,
                                          std::shared_ptr<const BoundSocket> socket,
                                          const Poco::Net::Context::Ptr& tls) const {
    const auto limits = limitsOf(purpose, settings);
    http::ServerParams::Ptr params(new http::ServerParams(limits));
    Serving serving{purpose, std::move(socket), threadsOf(limits), nullptr, nullptr, {}};
    if (tls) {
        serving.certificates = std::make_shared<http::ReplaceableTlsContext>(tls);
        params->setTlsContextSource(serving.certificates);
    }
    if (purpose == ListenerPurpose::api) params->setAccessObserver(_observer);
    if (purpose == ListenerPurpose::admin) params->setPeerCheck(isAdminPeer);
    const std::array factories{_factories.api, _factories.metrics, _factories.admin};
    serving.server = std::make_shared<http::HTTPServer>(factories[indexOf(purpose)],
                                                        shared(serving.socket->socket), params);
    serving.status = {purpose, boundAddress(*serving.socket), static_cast<bool>(tls)};
    serving.server->start();
    return serving;
}

Listeners::PendingUpdate Listeners::prepare(const Settings& settings, ListenerSockets sockets,
                                            Poco::Net::Context::Ptr tls) const {
    const Poco::Net::Context::Ptr plain;
    PendingUpdate pending;
    pending._limits = limitsOf(ListenerPurpose::api, settings);
    warnOfDescriptors(settings.server.limits.maxConnections, pending._limits.maxConnections);
    for (const auto purpose : listenerPurposes) {
        const auto& socket = sockets.of(purpose);
        if (!socket) continue;
        const auto& context = purpose == ListenerPurpose::api ? tls : plain;
        const auto& current = _servers[indexOf(purpose)];
        auto& isKept = pending._isKept[indexOf(purpose)];
        isKept = current && current->socket == socket &&
                 current->threads == threadsOf(limitsOf(purpose, settings)) &&
                 current->status.isSecure == static_cast<bool>(context);
        if (!isKept) pending._next[indexOf(purpose)] = startServer(purpose, settings, socket, context);
    }
    pending._sockets = std::move(sockets);
    pending._tls = std::move(tls);
    return pending;
}

void Listeners::commit(PendingUpdate pending) {
    removeDrained();
    for (const auto purpose : listenerPurposes) {
        if (!pending._isKept[indexOf(purpose)]) replace(purpose, std::move(pending._next[indexOf(purpose)]));
    }
    auto& api = _servers[indexOf(ListenerPurpose::api)];
    api->server->setLimits(pending._limits);
    if (api->certificates) api->certificates->replace(pending._tls);
    _sockets = std::move(pending._sockets);
}

void Listeners::replace(ListenerPurpose purpose, std::optional<Serving> next) {
    if (next) announce(next->status);
    const std::lock_guard lock(_mutex);
    auto& current = _servers[indexOf(purpose)];
    std::swap(current, next);
    if (next) drain(std::move(*next));
}

/// Requires _mutex.
void Listeners::drain(Serving serving) {
    auto& draining = _draining.emplace_back();
    draining.server = std::move(serving.server);
    draining.purpose = serving.purpose;
    draining.thread = std::thread([&draining] {
        draining.server->stopAll(false);
        draining.isDrained = true;
    });
}

void Listeners::removeDrained() {
    std::list<Draining> drained;
    const std::lock_guard lock(_mutex);
    for (auto draining = _draining.begin(); draining != _draining.end();) {
        const auto next = std::next(draining);
        if (draining->isDrained) drained.splice(drained.end(), _draining, draining);
        draining = next;
    }
    for (auto& each : drained) {
        each.thread.join();
        if (each.purpose == ListenerPurpose::api) _countersOfRemoved += each.server->counters();
    }
}

std::vector<std::shared_ptr<http::HTTPServer>> Listeners::allServers() const {
    std::vector<std::shared_ptr<http::HTTPServer>> servers;
    const std::lock_guard lock(_mutex);
    for (const auto& serving : _servers) {
        if (serving) servers.push_back(serving->server);
    }
    for (const auto& draining : _draining)
        servers.push_back(draining.server);
    return servers;
}

void Listeners::stop(bool abort) {
    // The API first, so that an operator can watch it drain.
    for (const auto& server : allServers())
        server->stopAll(abort);
}

std::vector<Listeners::Status> Listeners::status() const {
    std::vector<Status> all;
    const std::lock_guard lock(_mutex);
    for (const auto& serving : _servers) {
        if (serving) all.push_back(serving->status);
    }
    return all;
}

http::ServerCounters Listeners::counters() const {
    const std::lock_guard lock(_mutex);
    auto sum = _countersOfRemoved;
    if (const auto& api = _servers.front()) sum += api->server->counters();
    for (const auto& draining : _draining) {
        if (draining.purpose == ListenerPurpose::api) sum += draining.server->counters();
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
