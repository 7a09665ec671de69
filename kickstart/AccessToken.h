#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kickstart/AuthenticationContext.h"
#include "kickstart/TokenSubject.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// An access token as FusionAuth has written it since version 1.60.
struct AccessToken {
    /// The claims, with whole numbers for times.
    security::Json claims;
    /// Seconds since the epoch; the claim `exp`.
    std::int64_t expiresAt = 0;
    /// The compact JWS. A secret.
    std::string text;

    /// Mints one at `now`, in seconds since the epoch. A lifetime, in seconds, replaces the configured one.
    /// The claims `applicationId` and `roles` are there only if the user is registered, `gty` and `scope`
    /// only for an OAuth grant, whose token has the user's names only if the application's scopes are not
    /// strict.
    static AccessToken mint(const TokenSubject& subject, const AuthenticationContext& context,
                            std::int64_t now, std::optional<std::int64_t> timeToLiveInSeconds = std::nullopt);
};

}  // namespace changebank::kickstart
