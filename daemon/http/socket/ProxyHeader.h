#pragma once

#include <Poco/Net/SocketAddress.h>

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

namespace changebank::http {

/// The header with which a proxy begins a connection (PROXY protocol, versions 1 and 2:
/// proxy-protocol.txt of HAProxy, sections 2.1 and 2.2).
struct ProxyHeader {
    /// The bytes of a header that is read; more are malformed.
    static constexpr std::size_t maxSize = 4096;

    struct Incomplete {};
    struct Malformed {};

    /// Parses the start of what a proxy sent. What cannot become a header is malformed, however short it is.
    /// Of the further information behind the addresses of version 2 (TLVs) nothing is read.
    static std::variant<ProxyHeader, Incomplete, Malformed> parse(std::string_view bytes);

    /// The bytes of the header itself.
    std::size_t size = 0;
    /// Whether the proxy speaks for itself (LOCAL), as in a health check.
    bool isLocal = false;
    /// The client; std::nullopt if that is the proxy itself, or if the proxy does not know it (UNKNOWN,
    /// UNSPEC) or knows it as that of a Unix socket.
    std::optional<Poco::Net::SocketAddress> client{};
};

}  // namespace changebank::http
