#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "kickstart/Uuid.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// An application, whose id is the OAuth client id and the claim `aud`.
struct Application {
    Uuid id;
    Uuid tenantId;
    std::string name;
    std::set<std::string> roles;
    /// Where one of these is absent, the tenant decides.
    std::optional<Uuid> accessTokenKeyId;
    std::optional<Uuid> idTokenKeyId;
    std::optional<std::int64_t> timeToLiveInSeconds;
    /// Whether a login to this application needs an API key.
    bool loginRequiresApiKey = true;
    /// The application as it was sent, an object; answers repeat what it says.
    security::Json configuration;
    /// Whether every name counts as one of its roles, as for FusionAuth's own applications, whose lists grow.
    bool hasEveryRole = false;

    bool hasRole(const std::string& role) const { return hasEveryRole || roles.contains(role); }
};

}  // namespace changebank::kickstart
