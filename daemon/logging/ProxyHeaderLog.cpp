#include "changebank/daemon/logging/ProxyHeaderLog.h"

#include <exception>
#include <string>

namespace changebank::daemon {

namespace {

/// As server.trustedProxies names it.
std::string entryOf(const Poco::Net::SocketAddress& proxy) {
    return proxy.family() == Poco::Net::SocketAddress::UNIX_LOCAL ? "unix" : proxy.host().toString();
}

}  // namespace

void ProxyHeaderLog::report(const Poco::Net::SocketAddress& proxy) noexcept {
    try {
        _log.warn("server.proxyProtocol is true, and " + entryOf(proxy) +
                  " is in server.trustedProxies, but a connection of it did not begin with a PROXY header, "
                  "and was closed; let the proxy send one (HAProxy: send-proxy-v2, and check-send-proxy for "
                  "checks), or trust it no longer");
    } catch (const std::exception&) {
        // Out of memory; the metrics count it.
        return;
    }
}

}  // namespace changebank::daemon
