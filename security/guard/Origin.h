#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace changebank::security {

/// An http or https origin (RFC 6454 section 4), so that two spellings of one are equal: the scheme and the
/// host in lower case, the host without a trailing dot, an IPv6 address in its shortest form, the scheme's
/// port where the text has none. An immutable value.
struct Origin {
    bool isHttps = false;
    std::string host;
    std::uint16_t port = 0;

    /// The scheme, the host and possibly a port, such as "https://app.example.com"; std::nullopt for any
    /// other text, such as "null" or one with a path.
    static std::optional<Origin> parse(std::string_view text);

    /// True if the field Host (RFC 9110 section 7.2) names this origin's host and port. Host does not tell
    /// the scheme, so without a port it has the port of this origin's scheme: behind a proxy that ends TLS, a
    /// server does not know its own.
    bool isAt(std::string_view hostField) const;

    friend bool operator==(const Origin&, const Origin&) = default;
};

/// True for a host that needs no escapes, or an IPv6 address in brackets, with or without a port (RFC 3986
/// section 3.2): what the field Host of a service can be.
bool isAuthority(std::string_view text);

/// An IPv6 address without brackets in the one spelling that inet_ntop(3) writes (RFC 5952); std::nullopt if
/// the text is not one.
std::optional<std::string> shortestIpv6(std::string_view text);

}  // namespace changebank::security
