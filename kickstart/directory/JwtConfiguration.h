#pragma once

#include <cstdint>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/values/BodyReader.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// FusionAuth's `jwtConfiguration`: the keys that sign tokens, and the tokens' lifetimes.
struct JwtConfiguration {
    Uuid accessTokenKeyId;
    Uuid idTokenKeyId;
    /// Of access and id tokens, in seconds; above 0.
    std::int64_t timeToLiveInSeconds = 3600;
    /// Above 0.
    std::int64_t refreshTokenTimeToLiveInMinutes = 43'200;
    /// FusionAuth's refreshTokenUsagePolicy OneTimeUse: each use of a refresh token replaces it by the one in
    /// the response.
    bool refreshTokensAreForOneUse = false;
    /// Whether a new password revokes the user's refresh tokens.
    bool revokesOnPasswordChanged = true;

    /// Updates from a request; absent members keep their values. Adds an error for each invalid value. Does
    /// not check that keys exist.
    void readFrom(const BodyReader& object);

    /// The members in FusionAuth's responses that affect tokens.
    Poco::JSON::Object toJson() const;
};

}  // namespace changebank::kickstart
