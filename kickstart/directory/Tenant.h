#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/directory/JwtConfiguration.h"
#include "changebank/kickstart/values/BodyReader.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// A tenant, with the members that affect logins and tokens.
struct Tenant {
    Uuid id;
    std::string name;
    /// The claim `iss`, exactly as set; need not be a URL.
    std::string issuer;
    JwtConfiguration jwt;
    /// Whether a login without an application needs an API key.
    bool loginRequiresApiKey = true;
    /// The types of events that webhooks may receive.
    std::set<std::string> enabledEvents{};
    /// Milliseconds since the epoch.
    std::int64_t insertInstant = 0;
    std::int64_t lastUpdateInstant = 0;

    /// Updates the tenant from a request; absent members keep their values. Adds an error for each invalid
    /// value. Does not check that keys exist.
    void readFrom(const BodyReader& sent);

    /// The object in FusionAuth's responses.
    Poco::JSON::Object toJson() const;
};

}  // namespace changebank::kickstart
