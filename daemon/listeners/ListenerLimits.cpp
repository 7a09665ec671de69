#include "changebank/daemon/listeners/ListenerLimits.h"

#include <algorithm>
#include <utility>

#include "changebank/daemon/process/DescriptorLimit.h"

namespace changebank::daemon {

using namespace std::chrono_literals;

namespace {

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

/// The share in the connections that descriptors allow, up to `most`.
std::size_t shareOfConnections(std::size_t most) {
    return std::clamp<std::size_t>(DescriptorLimit::current().connections() / 4, 1, most);
}

std::size_t eventConnections() {
    return shareOfConnections(1'000);
}

/// More than the requests that may wait for keys (auth.jwks.maxWaiting), so that those do not fill it.
std::size_t decisionConnections() {
    return shareOfConnections(4'000);
}

/// FusionAuth may come without the proxy that begins connections with a header.
std::shared_ptr<const http::ProxyTrust> byFieldAlone(const std::shared_ptr<const http::ProxyTrust>& proxies) {
    if (!proxies || !proxies->usesProxyProtocol) return proxies;
    auto trust = *proxies;
    trust.usesProxyProtocol = false;
    return std::make_shared<const http::ProxyTrust>(std::move(trust));
}

/// Anybody who reaches the receiver of events can open connections. Their number, the share of one client and
/// short deadlines leave room for FusionAuth.
http::ServerLimits eventLimits(const Settings& settings) {
    auto limits = operatorLimits();
    limits.blockingThreads = 8;
    limits.maxConnections = eventConnections();
    limits.maxConnectionsPerClient = 64;
    limits.headerTimeout = 5s;
    limits.bodyTimeout = 5s;
    limits.writeTimeout = 5s;
    limits.idleTimeout = 10s;
    limits.maxBodyBytes = settings.revocation.webhookMaxBodyBytes;
    limits.proxies = byFieldAlone(settings.server.limits.proxies);
    return limits;
}

http::ServerLimits apiLimits(const Settings& settings) {
    auto limits = settings.server.limits;
    auto available = DescriptorLimit::current().connections();
    if (settings.revocation.listen) available = std::max<std::size_t>(1, available - eventConnections());
    if (settings.decision.listen) available = std::max<std::size_t>(1, available - decisionConnections());
    limits.maxConnections = std::min(limits.maxConnections, available);
    limits.tracing = settings.trace.sampling;
    return limits;
}

/// A proxy asks over connections that it keeps. The limit for a single client is for those that it names, not
/// for a proxy that is not trusted to name them.
http::ServerLimits decisionLimits(const Settings& settings) {
    auto limits = settings.server.limits;
    limits.maxConnections = decisionConnections();
    const bool namesClients = settings.decision.listen && settings.decision.listen->isUnix();
    if (!namesClients && settings.server.proxies.proxies.empty()) limits.maxConnectionsPerClient = 0;
    limits.proxies = proxiesBeforeDecisions(settings);
    limits.tracing = settings.trace.sampling;
    return limits;
}

/// Room for a request to try, with a token and a target as long as the API takes them.
http::ServerLimits adminLimits(const Settings& settings) {
    auto limits = operatorLimits();
    limits.maxBodyBytes += 2 * settings.server.limits.maxHeaderBytes;
    return limits;
}

}  // namespace

std::shared_ptr<const http::ProxyTrust> proxiesBeforeDecisions(const Settings& settings) {
    auto trust = settings.server.proxies;
    trust.proxies = trust.proxies.withUnix();
    trust.field = http::ForwardedField::xForwardedFor;
    return byFieldAlone(std::make_shared<const http::ProxyTrust>(std::move(trust)));
}

http::ServerLimits limitsOf(ListenerPurpose purpose, const Settings& settings) {
    switch (purpose) {
        case ListenerPurpose::api:
            return apiLimits(settings);
        case ListenerPurpose::revocation:
            return eventLimits(settings);
        case ListenerPurpose::decision:
            return decisionLimits(settings);
        case ListenerPurpose::admin:
            return adminLimits(settings);
        case ListenerPurpose::metrics:
            break;
    }
    return operatorLimits();
}

}  // namespace changebank::daemon
