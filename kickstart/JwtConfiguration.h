#pragma once

#include <cstdint>

#include "kickstart/BodyReader.h"
#include "kickstart/Uuid.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// What happens to a refresh token that is used.
enum class RefreshTokenUsage : unsigned char {
    /// It can be used again.
    reusable,
    /// It is replaced by another one, which the answer brings.
    oneTime,
};

/// From when a refresh token's life is counted.
enum class RefreshTokenExpiration : unsigned char {
    /// From its issue.
    fixed,
    /// From its last use.
    slidingWindow,
    /// From its last use, but in all no longer than a maximum.
    slidingWindowWithMaximumLifetime,
};

/// FusionAuth's `jwtConfiguration`: with which keys tokens are signed, and how long they live.
struct JwtConfiguration {
    Uuid accessTokenKeyId;
    Uuid idTokenKeyId;
    /// Of access and id tokens, in seconds; above 0.
    std::int64_t timeToLiveInSeconds = 3600;
    /// Above 0.
    std::int64_t refreshTokenTimeToLiveInMinutes = 43'200;
    RefreshTokenUsage refreshTokenUsage = RefreshTokenUsage::reusable;
    RefreshTokenExpiration refreshTokenExpiration = RefreshTokenExpiration::fixed;
    /// From the issue, for slidingWindowWithMaximumLifetime; above 0.
    std::int64_t refreshTokenMaximumTimeToLiveInMinutes = 43'200;
    /// Whether a one-time refresh token that is used twice ends the life of its successor, too.
    bool revokesOnOneTimeTokenReuse = false;
    /// Whether a new password revokes the user's refresh tokens.
    bool revokesOnPasswordChanged = true;

    /// Takes over what the object says; what it does not say stays. Notes values that cannot be; key ids are
    /// not looked up.
    void readFrom(const BodyReader& object);

    /// The members that FusionAuth shows.
    security::Json toJson() const;
};

}  // namespace changebank::kickstart
