#pragma once

#include <Poco/Net/SocketAddress.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace changebank::security {

/// The network that a client counts to: the leading bits of its address. Who has an IPv6 address usually has
/// 2^64 of them (RFC 6177), so one alone says nothing. An IPv4 address that is mapped to IPv6 (RFC 4291
/// section 2.5.5.2) is the IPv4 address. A plain value.
class ClientNetwork {
public:
    /// How many bits count: 0 to 32, and 0 to 128.
    struct Prefixes {
        unsigned ipv4 = 32;
        unsigned ipv6 = 64;

        friend bool operator==(const Prefixes&, const Prefixes&) = default;
    };

    /// std::nullopt for a client without an address: at the other end of a Unix socket, where everybody would
    /// count as one.
    static std::optional<ClientNetwork> of(const Poco::Net::SocketAddress& client, const Prefixes& prefixes);

    /// Different for different networks; valid as long as this.
    std::string_view bytes() const noexcept { return {_bytes.data(), _size}; }

private:
    /// 4 or 6, and the address with its other bits zero.
    std::array<char, 17> _bytes{};
    std::size_t _size = 0;
};

}  // namespace changebank::security
