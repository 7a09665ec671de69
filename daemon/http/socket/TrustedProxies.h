#pragma once

#include <Poco/Net/SocketAddress.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace changebank::http {

/// Addresses of proxies: single ones, networks and Unix sockets. An immutable value.
class TrustedProxies {
public:
    TrustedProxies() = default;

    /// `10.1.2.3`, `10.0.0.0/8`, `2001:db8::/32` or `unix`, for every client of a Unix socket. Throws
    /// Poco::InvalidArgumentException if one has a fault.
    explicit TrustedProxies(const std::vector<std::string>& entries);

    /// Why a text is none of these, as the end of a sentence that begins with it. Bits behind the prefix are
    /// a fault, and so are networks wider than the widest private ones, 10.0.0.0/8 and fc00::/7.
    static std::optional<std::string> faultOf(std::string_view entry);

    /// An IPv4 address that is mapped to IPv6 (RFC 4291 section 2.5.5.2) is that IPv4 address.
    bool contains(const Poco::Net::SocketAddress& address) const noexcept;

    /// The same, and every client of a Unix socket.
    TrustedProxies withUnix() const;

    bool empty() const noexcept { return !_hasUnix && _networks.empty(); }

    friend bool operator==(const TrustedProxies&, const TrustedProxies&) = default;

private:
    using Bytes = std::array<std::uint8_t, 16>;
    /// An IPv4 network has the prefix of mapped addresses.
    struct Network {
        Bytes address;
        unsigned bits;

        bool contains(const Bytes& other) const noexcept;
        friend bool operator==(const Network&, const Network&) = default;
    };
    struct Fault {
        std::string why;
    };

    static std::variant<Network, Fault> parse(std::string_view entry);

    std::vector<Network> _networks;
    bool _hasUnix = false;
};

}  // namespace changebank::http
