#pragma once

#include <Poco/Net/SocketAddress.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace changebank::daemon {

/// A listener's address in the settings: a host and a port, or a Unix socket.
struct ListenerAddress {
    /// Host name or address; the absolute path of a Unix socket.
    std::string host;
    /// std::nullopt: a Unix socket.
    std::optional<std::uint16_t> port;

    bool isUnix() const noexcept { return !port.has_value(); }

    /// `HOST:PORT`, with an address of IPv6 in brackets, or the absolute path; std::nullopt for other texts.
    static std::optional<ListenerAddress> parse(std::string_view text);

    /// The reverse.
    std::string toText() const;

    /// Resolves the host name. Throws Poco::Exception.
    Poco::Net::SocketAddress resolved() const;

    friend bool operator==(const ListenerAddress&, const ListenerAddress&) = default;
};

}  // namespace changebank::daemon
