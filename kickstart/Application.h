#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "kickstart/BodyReader.h"
#include "kickstart/JwtConfiguration.h"
#include "kickstart/LoginConfiguration.h"
#include "kickstart/OAuthConfiguration.h"
#include "kickstart/Uuid.h"
#include "security/Json.h"

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
    LoginConfiguration login{};
    OAuthConfiguration oauth{};
    /// What was sent for the application, an object; what is known of it stands in the members above as well.
    security::Json configuration{};
    /// Milliseconds since the epoch.
    std::int64_t insertInstant = 0;
    std::int64_t lastUpdateInstant = 0;

    bool hasRole(const std::string& role) const {
        return hasEveryRole || std::find(roles.begin(), roles.end(), role) != roles.end();
    }

    /// Takes the whole of the application from what was sent for it. Notes what cannot be; names of other
    /// applications and key ids are not looked at.
    void readFrom(const BodyReader& sent);

    /// The tenant's configuration with what the application says itself, if its own is enabled.
    JwtConfiguration jwtConfiguration(JwtConfiguration ofTenant) const;

    /// The object that FusionAuth's answers show, with the client's secret.
    security::Json toJson() const;
};

}  // namespace changebank::kickstart
