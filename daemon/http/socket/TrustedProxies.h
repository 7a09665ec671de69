#pragma once

#include <Poco/Net/SocketAddress.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changebank::http {

/// Addresses of proxies: single ones, networks and Unix sockets. An immutable value.
class TrustedProxies {
public:
    TrustedProxies() = default;

    /// `10.1.2.3`, `10.0.0.0/8`, `2001:db8::/32` or `unix`, for every client of a Unix socket. Throws
    /// Poco::InvalidArgumentException if one has a fault.
    explicit TrustedProxies(const std::vector<std::string>& entries);

    /// Why a text is none of these, as the end of a sentence; bits behind the prefix are a fault, and so is a
    /// prefix of zero, which trusts everybody.
    static std::optional<std::string> faultOf(std::string_view entry);

    /// An IPv4 address that is mapped to IPv6 (RFC 4291 section 2.5.5.2) is that IPv4 address.
    bool contains(const Poco::Net::SocketAddress& address) const noexcept;

    bool empty() const noexcept { return !_hasUnix && _networks.empty(); }

private:
    /// An IPv4 network has the prefix of mapped addresses.
    struct Network {
        std::array<std::uint8_t, 16> address;
        unsigned bits;
    };

    std::vector<Network> _networks;
    bool _hasUnix = false;
};

}  // namespace changebank::http
