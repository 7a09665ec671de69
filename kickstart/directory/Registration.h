#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/values/JsonValues.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// A user's registration with an application, with its roles. Instants are milliseconds since the epoch.
struct Registration {
    Uuid id;
    Uuid applicationId;
    /// In the order of the request; each one is a role of the application.
    std::vector<std::string> roles;
    std::int64_t insertInstant = 0;
    std::int64_t lastLoginInstant = 0;

    /// The object in FusionAuth's responses.
    Poco::JSON::Object toJson() const {
        auto members = jsonObject({{"applicationId", applicationId.toText()},
                                   {"id", id.toText()},
                                   {"insertInstant", insertInstant}});
        if (lastLoginInstant != 0) members.set("lastLoginInstant", lastLoginInstant);
        members.set("roles", jsonTexts(roles));
        members.set("verified", true);
        return members;
    }
};

}  // namespace changebank::kickstart
