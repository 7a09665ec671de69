#include "changebank/daemon/listeners/ListenerLimits.h"

#include <algorithm>

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

/// The share of the receiver of events in the connections that descriptors allow.
std::size_t eventConnections() {
    return std::clamp<std::size_t>(DescriptorLimit::current().connections() / 4, 1, 1'000);
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
    return limits;
}

http::ServerLimits apiLimits(const Settings& settings) {
    auto limits = settings.server.limits;
    auto available = DescriptorLimit::current().connections();
    if (settings.revocation.listen) available = std::max<std::size_t>(1, available - eventConnections());
    limits.maxConnections = std::min(limits.maxConnections, available);
    return limits;
}

}  // namespace

http::ServerLimits limitsOf(ListenerPurpose purpose, const Settings& settings) {
    switch (purpose) {
        case ListenerPurpose::api:
            return apiLimits(settings);
        case ListenerPurpose::revocation:
            return eventLimits(settings);
        default:
            return operatorLimits();
    }
}

}  // namespace changebank::daemon
