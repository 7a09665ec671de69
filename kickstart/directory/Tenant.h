#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/directory/JwtConfiguration.h"
#include "changebank/kickstart/values/BodyReader.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// A tenant, as far as it decides over logins and tokens.
struct Tenant {
    Uuid id;
    std::string name;
    /// The claim `iss`, exactly as it was set; need not be a URL.
    std::string issuer;
    JwtConfiguration jwt;
    /// Whether a login without an application needs an API key.
    bool loginRequiresApiKey = true;
    /// The types of events that webhooks may be told of.
    std::set<std::string> enabledEvents{};
    /// Milliseconds since the epoch.
    std::int64_t insertInstant = 0;
    std::int64_t lastUpdateInstant = 0;

    /// Takes over what was sent for the tenant; what it does not say stays. Notes what cannot be; key ids are
    /// not looked up.
    void readFrom(const BodyReader& sent);

    /// The object that FusionAuth's responses show.
    Json toJson() const;
};

}  // namespace changebank::kickstart
