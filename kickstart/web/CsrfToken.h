#pragma once

#include <string>
#include <string_view>

#include "changebank/base/system/RandomBytes.h"
#include "changebank/kickstart/values/Digest.h"

namespace changebank::kickstart {

/// Binds a form to the browser that loaded it: the form has an HMAC of a cookie's value, which no other site
/// can read, with this process's key. Immutable, so thread-safe.
class CsrfToken {
public:
    static constexpr const char* cookieName = "fusionauth.csrf";

    /// Generates a random key.
    CsrfToken() : _key(randomBytes(SHA256_DIGEST_LENGTH)) {}

    /// The form's token: HMAC-SHA-256 over the cookie, in base64url.
    std::string of(std::string_view cookie) const;

    /// Whether the form's token belongs to the cookie. False for an empty cookie.
    bool matches(std::string_view cookie, std::string_view token) const {
        return !cookie.empty() && areEqualSecrets(of(cookie), token);
    }

private:
    const std::string _key;
};

}  // namespace changebank::kickstart
