#pragma once

#include <string>
#include <string_view>

#include "changebank/kickstart/values/Digest.h"
#include "changebank/kickstart/values/RandomBytes.h"

namespace changebank::kickstart {

/// Ties a form to the browser that it was sent to: the form carries a code over the value of a cookie, which
/// no other site can read, and only this process can make the code. Immutable, usable from any thread.
class CsrfToken {
public:
    static constexpr const char* cookieName = "fusionauth.csrf";

    /// Takes a new random key.
    CsrfToken() : _key(randomBytes(SHA256_DIGEST_LENGTH)) {}

    /// What the form must carry: HMAC-SHA-256 over the cookie, in base64url.
    std::string of(std::string_view cookie) const;

    /// Whether the form's token belongs to the cookie, which is not empty.
    bool matches(std::string_view cookie, std::string_view token) const {
        return !cookie.empty() && areEqualSecrets(of(cookie), token);
    }

private:
    const std::string _key;
};

}  // namespace changebank::kickstart
