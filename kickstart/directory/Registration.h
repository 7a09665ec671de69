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
    Json toJson() const {
        Json::Object members{{"applicationId", jsonText(applicationId.toText())},
                             {"id", jsonText(id.toText())},
                             {"insertInstant", jsonInteger(insertInstant)}};
        if (lastLoginInstant != 0) members.emplace_back("lastLoginInstant", jsonInteger(lastLoginInstant));
        members.emplace_back("roles", jsonTexts(roles));
        members.emplace_back("verified", Json(true));
        return Json(std::move(members));
    }
};

}  // namespace changebank::kickstart
