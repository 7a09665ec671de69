#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace changebank::kickstart {

/// A cookie to be set (RFC 6265 section 4.1), for every path and port of the host; with SameSite=Lax, so that
/// no other site's form or script can send it.
struct SetCookie {
    std::string name;
    /// Nothing but cookie-octets: what is set here is base64url, digits and dots.
    std::string value;
    /// Without it the cookie goes with the browser's session; zero removes the cookie.
    std::optional<std::chrono::seconds> maxAge;
    /// Whether scripts may not read it.
    bool isHttpOnly = true;
    /// The domain whose hosts all get the cookie; empty for the host alone that sets it.
    std::string domain{};

    /// The value of the header Set-Cookie. `isSecure`: only over https, which is right wherever we are
    /// reached by https.
    std::string toText(bool isSecure) const;
};

}  // namespace changebank::kickstart
