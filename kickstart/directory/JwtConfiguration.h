#pragma once

#include <cstdint>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/values/BodyReader.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// FusionAuth's `jwtConfiguration`: with which keys tokens are signed, and how long they live.
struct JwtConfiguration {
    Uuid accessTokenKeyId;
    Uuid idTokenKeyId;
    /// Of access and id tokens, in seconds; above 0.
    std::int64_t timeToLiveInSeconds = 3600;
    /// Above 0.
    std::int64_t refreshTokenTimeToLiveInMinutes = 43'200;
    /// FusionAuth's refreshTokenUsagePolicy OneTimeUse: a refresh token that is used is replaced by another
    /// one, which the response brings.
    bool refreshTokensAreForOneUse = false;
    /// Whether a new password revokes the user's refresh tokens.
    bool revokesOnPasswordChanged = true;

    /// Takes over what the object says; what it does not say stays. Notes values that cannot be; key ids are
    /// not looked up.
    void readFrom(const BodyReader& object);

    /// The members that FusionAuth shows, as far as tokens hang on them.
    Json toJson() const;
};

}  // namespace changebank::kickstart
