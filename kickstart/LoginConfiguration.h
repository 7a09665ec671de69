#pragma once

#include "kickstart/BodyReader.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// FusionAuth's `loginConfiguration` of an application: what the Login API and the JWT APIs allow.
struct LoginConfiguration {
    /// Whether a login needs an API key.
    bool requireAuthentication = true;
    /// Whether `POST /api/jwt/refresh` takes the application's refresh tokens.
    bool allowTokenRefresh = false;
    /// Whether a login yields a refresh token.
    bool generateRefreshTokens = false;

    /// Takes over what the object says; what it does not say stays.
    void readFrom(const BodyReader& object) {
        requireAuthentication = object.boolean("requireAuthentication").value_or(requireAuthentication);
        allowTokenRefresh = object.boolean("allowTokenRefresh").value_or(allowTokenRefresh);
        generateRefreshTokens = object.boolean("generateRefreshTokens").value_or(generateRefreshTokens);
    }

    security::Json toJson() const {
        using security::Json;
        return Json(Json::Object{{"allowTokenRefresh", Json(allowTokenRefresh)},
                                 {"generateRefreshTokens", Json(generateRefreshTokens)},
                                 {"requireAuthentication", Json(requireAuthentication)}});
    }
};

}  // namespace changebank::kickstart
