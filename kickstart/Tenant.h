#pragma once

#include <cstdint>
#include <string>

#include "kickstart/Uuid.h"

namespace changebank::kickstart {

/// A tenant, as far as it decides over logins and tokens.
struct Tenant {
    Uuid id;
    std::string name;
    /// The claim `iss`, exactly as it was set; need not be a URL.
    std::string issuer;
    Uuid accessTokenKeyId;
    Uuid idTokenKeyId;
    /// How long an access token lives, in seconds; above 0.
    std::int64_t timeToLiveInSeconds = 3600;
    /// Whether a login without an application needs an API key.
    bool loginRequiresApiKey = true;
};

}  // namespace changebank::kickstart
