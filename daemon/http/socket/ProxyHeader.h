#pragma once

#include <Poco/Net/SocketAddress.h>

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

namespace changebank::http {

/// The header with which a proxy begins a connection (PROXY protocol, versions 1 and 2).
struct ProxyHeader {
    /// The bytes of a header that is read; more are malformed.
    static constexpr std::size_t maxSize = 1024;

    struct Incomplete {};
    struct Malformed {};

    /// Parses the start of what a proxy sent.
    static std::variant<ProxyHeader, Incomplete, Malformed> parse(std::string_view bytes);

    /// The bytes of the header itself.
    std::size_t size = 0;
    /// The client; std::nullopt if the proxy speaks for itself (LOCAL), or does not know (UNKNOWN, UNSPEC).
    std::optional<Poco::Net::SocketAddress> client{};
};

}  // namespace changebank::http
