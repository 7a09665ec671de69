#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/directory/JwtConfiguration.h"
#include "changebank/kickstart/directory/OAuthConfiguration.h"
#include "changebank/kickstart/values/BodyReader.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// An application, whose id is the OAuth client id and the claim `aud`.
struct Application {
    Uuid id;
    Uuid tenantId;
    std::string name;
    bool active = true;
    /// In the order in which they were given.
    std::vector<std::string> roles{};
    /// Whether every name counts as one of its roles, as for FusionAuth's own applications, whose lists grow.
    bool hasEveryRole = false;
    /// FusionAuth's `loginConfiguration`: whether a login needs an API key, whether it yields a refresh
    /// token, and whether `POST /api/jwt/refresh` takes one.
    bool loginRequiresApiKey = true;
    bool loginYieldsRefreshToken = false;
    bool allowsTokenRefresh = false;
    OAuthConfiguration oauth{};
    /// Set if it does not take over the tenant's.
    std::optional<JwtConfiguration> ownJwt{};
    /// Milliseconds since the epoch.
    std::int64_t insertInstant = 0;
    std::int64_t lastUpdateInstant = 0;

    bool hasRole(const std::string& role) const {
        return hasEveryRole || std::find(roles.begin(), roles.end(), role) != roles.end();
    }

    /// Takes over what was sent for the application; what it does not say stays, and what it has never said
    /// of a jwtConfiguration of its own is as the tenant's. Notes what cannot be; names of other applications
    /// and key ids are not looked at.
    void readFrom(const BodyReader& sent, const JwtConfiguration& ofTenant);

    /// The object that FusionAuth's responses show, with the client's secret.
    Json toJson() const;
};

}  // namespace changebank::kickstart
