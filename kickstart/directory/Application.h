#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/directory/JwtConfiguration.h"
#include "changebank/kickstart/directory/OAuthConfiguration.h"
#include "changebank/kickstart/directory/OAuthScope.h"
#include "changebank/kickstart/values/BodyReader.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// An application, whose id is the OAuth client id and the claim `aud`.
struct Application {
    Uuid id;
    Uuid tenantId;
    std::string name;
    bool active = true;
    /// In the order of the request.
    std::vector<std::string> roles{};
    /// Whether every name is accepted as a role, as for FusionAuth's own applications, whose roles change
    /// with its versions.
    bool hasEveryRole = false;
    /// FusionAuth's `loginConfiguration`: whether a login needs an API key, whether it yields a refresh
    /// token, and whether `POST /api/jwt/refresh` takes one.
    bool loginRequiresApiKey = true;
    bool loginYieldsRefreshToken = false;
    bool allowsTokenRefresh = false;
    OAuthConfiguration oauth{};
    /// Those of its own, beside the provided ones, in the order in which they were created.
    std::vector<OAuthScope> scopes{};
    /// std::nullopt if the application uses its tenant's.
    std::optional<JwtConfiguration> ownJwt{};
    /// Milliseconds since the epoch.
    std::int64_t insertInstant = 0;
    std::int64_t lastUpdateInstant = 0;

    bool hasRole(const std::string& role) const {
        return hasEveryRole || std::find(roles.begin(), roles.end(), role) != roles.end();
    }

    /// Whether the scope is a provided one or one of the application's own.
    bool knowsScope(std::string_view scope) const {
        return isProvidedScope(scope) ||
               std::any_of(scopes.begin(), scopes.end(),
                           [scope](const OAuthScope& own) { return own.name == scope; });
    }

    /// Updates the application from a request; absent members keep their values, and a new jwtConfiguration
    /// starts as the tenant's. Adds an error for each invalid value. Does not check that the name is unique
    /// or that keys exist.
    void readFrom(const BodyReader& sent, const JwtConfiguration& ofTenant);

    /// The object in FusionAuth's responses, with the client secret.
    Poco::JSON::Object toJson() const;
};

}  // namespace changebank::kickstart
