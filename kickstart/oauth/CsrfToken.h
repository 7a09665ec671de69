#pragma once

#include <string>
#include <string_view>

namespace changebank::kickstart {

/// Ties a form to the browser that it was sent to: the form carries a code over the value of a cookie, which
/// no other site can read, and only this process can make the code. Immutable, usable from any thread.
class CsrfToken {
public:
    static constexpr const char* cookieName = "fusionauth.csrf";

    /// Takes a new random key.
    CsrfToken();

    /// A new value for the cookie, of 43 random characters.
    static std::string newCookie();
    /// Whether that could be a value of newCookie().
    static bool isCookie(std::string_view text);

    /// What the form must carry: HMAC-SHA-256 over the cookie, in base64url.
    std::string of(std::string_view cookie) const;

    /// Whether the form's token belongs to the cookie; takes the same time for every token of the same
    /// length.
    bool matches(std::string_view cookie, std::string_view token) const;

private:
    std::string _key;
};

}  // namespace changebank::kickstart
