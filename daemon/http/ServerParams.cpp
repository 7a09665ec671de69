#include "daemon/http/ServerParams.h"

#include <utility>

namespace changebank::http {

ServerParams::ServerParams(const ServerLimits& limits) : _limits(limits) {}

void ServerParams::setAccessObserver(AccessObserver::Ptr observer) {
    _accessObserver = std::move(observer);
}

void ServerParams::setTlsContextSource(TlsContextSource::Ptr source) {
    _tlsContextSource = std::move(source);
}

void ServerParams::setPeerCheck(PeerCheck check) {
    _peerCheck = std::move(check);
}

void ServerParams::setClock(security::Clock& clock) {
    _clock = &clock;
}

}  // namespace changebank::http
