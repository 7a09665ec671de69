#include "changebank/daemon/http/ServerParams.h"

#include <utility>

namespace changebank::http {

ServerParams::ServerParams(const ServerLimits& limits) : _limits(limits) {}

ServerLimits ServerParams::limitsOf(const Poco::Net::HTTPServerParams& params) {
    if (const auto* ours = dynamic_cast<const ServerParams*>(&params)) return ours->limits();
    using Duration = ServerLimits::Duration;
    ServerLimits limits;
    const Duration timeout{params.getTimeout().totalMilliseconds()};
    limits.headerTimeout = timeout;
    limits.bodyTimeout = timeout;
    limits.writeTimeout = timeout;
    limits.idleTimeout = Duration{params.getKeepAliveTimeout().totalMilliseconds()};
    return limits;
}

void ServerParams::setAccessObserver(AccessObserver::Ptr observer) {
    _accessObserver = std::move(observer);
}

void ServerParams::setTlsContextSource(TlsContextSource::Ptr source) {
    _tlsContextSource = std::move(source);
}

void ServerParams::setPeerCheck(PeerCheck check) {
    _peerCheck = std::move(check);
}

void ServerParams::setClock(Clock& clock) {
    _clock = &clock;
}

}  // namespace changebank::http
