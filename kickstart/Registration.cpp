#include "kickstart/Registration.h"

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

Json Registration::toJson() const {
    Json::Array roleNames;
    for (const auto& role : roles) {
        roleNames.push_back(jsonText(role));
    }
    Json::Object members{{"applicationId", jsonText(applicationId.toText())},
                         {"data", Json(Json::Object{})},
                         {"id", jsonText(id.toText())},
                         {"insertInstant", jsonInteger(insertInstant)}};
    if (lastLoginInstant != 0) members.emplace_back("lastLoginInstant", jsonInteger(lastLoginInstant));
    members.emplace_back("lastUpdateInstant", jsonInteger(lastUpdateInstant));
    members.emplace_back("preferredLanguages", Json(Json::Array{}));
    members.emplace_back("roles", Json(std::move(roleNames)));
    members.emplace_back("tokens", Json(Json::Object{}));
    members.emplace_back("usernameStatus", jsonText("ACTIVE"));
    members.emplace_back("verified", Json(verified));
    return Json(std::move(members));
}

}  // namespace changebank::kickstart
