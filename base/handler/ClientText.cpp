#include "changebank/base/handler/ClientText.h"

#include <cstddef>

namespace changebank {

namespace {

/// An IPv4 address that is mapped to IPv6 (RFC 4291 section 2.5.5.2) as the IPv4 address.
Poco::Net::IPAddress unmapped(const Poco::Net::IPAddress& host) {
    constexpr std::size_t prefix = 12;
    // POCO says of every IPv4 address that it is mapped.
    if (host.family() != Poco::Net::IPAddress::IPv6 || !host.isIPv4Mapped()) return host;
    const auto* bytes = static_cast<const std::byte*>(host.addr());
    return {bytes + prefix, static_cast<poco_socklen_t>(sizeof(in_addr))};
}

}  // namespace

std::string clientText(const Poco::Net::SocketAddress& client) {
    if (client.family() != Poco::Net::SocketAddress::UNIX_LOCAL) {
        const auto host = unmapped(client.host());
        return client.port() != 0 ? Poco::Net::SocketAddress(host, client.port()).toString()
                                  : host.toString();
    }
    auto path = client.toString();
    return path.empty() ? "unix" : path;
}

}  // namespace changebank
