#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "changebank/kickstart/tokens/TokenSubject.h"

namespace changebank::kickstart {

/// When and how a user logged in, and for what, as claims of a token.
struct AuthenticationContext {
    /// The claim `authenticationType`: "PASSWORD", "REFRESH_TOKEN", "JWT_SSO", …
    std::string type = "PASSWORD";
    /// The claim `auth_time`, in seconds since the epoch: when the user logged in; a refresh keeps it.
    std::int64_t instant = 0;
    /// The claim `sid`: the id of the refresh token issued with an access token; absent in id tokens.
    std::optional<Uuid> sid{};
    /// The claim `gty`: the OAuth grants in order; empty for a token of another API.
    std::vector<std::string> grants{};
    /// The claim `scope`; empty for a token of another API.
    std::string scope{};
    /// The resources in the claim `aud`, after the client id; an id token has only the client id.
    std::vector<std::string> resources{};
    /// The thumbprint in the claim `cnf` of an access token (RFC 9449 section 6.1); empty for a token that is
    /// bound to no key.
    std::string keyThumbprint{};
};

/// An access token in the form of FusionAuth 1.60 and later.
struct AccessToken {
    /// Seconds since the epoch; the claim `exp`.
    std::int64_t expiresAt = 0;
    /// The compact JWS. A secret.
    std::string text;

    /// Mints a token at `now`, in seconds since the epoch. The claims `applicationId` and `roles` are present
    /// only if the user is registered, `gty` and `scope` only for an OAuth grant, whose token has the user's
    /// names only if the application's scopes are not strict.
    static AccessToken mint(const TokenSubject& subject, const AuthenticationContext& context,
                            std::int64_t now);
};

}  // namespace changebank::kickstart
