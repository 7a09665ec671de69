#include "changebank/daemon/settings/values/ListenerAddress.h"

#include "changebank/base/text/PortNumber.h"

namespace changebank::daemon {

std::optional<ListenerAddress> ListenerAddress::parse(std::string_view text) {
    if (text.starts_with('/')) return ListenerAddress{std::string(text), std::nullopt};
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto host = text.substr(0, colon);
    const auto port = portNumber(text.substr(colon + 1));
    const bool isBracketed = host.starts_with('[') && host.ends_with(']');
    if (isBracketed) host = host.substr(1, host.size() - 2);
    const bool isIpv6 = host.find(':') != std::string_view::npos;
    if (host.empty() || !port || isBracketed != isIpv6) return std::nullopt;
    return ListenerAddress{std::string(host), port};
}

std::string ListenerAddress::toText() const {
    if (isUnix()) return host;
    const bool isIpv6 = host.find(':') != std::string::npos;
    return (isIpv6 ? "[" + host + "]" : host) + ":" + std::to_string(*port);
}

Poco::Net::SocketAddress ListenerAddress::resolved() const {
    if (isUnix()) return {Poco::Net::SocketAddress::UNIX_LOCAL, host};
    return {host, *port};
}

}  // namespace changebank::daemon
