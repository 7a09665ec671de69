#include "kickstart/Registration.h"

#include <array>

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

void Registration::readProfile(const BodyReader& sent) {
    constexpr std::array<const char*, 4> names{"data", "preferredLanguages", "timezone", "username"};
    profile = *mergedJson(Json(profile), sent.members(names)).object();
}

Json Registration::toJson() const {
    Json::Object members{{"applicationId", jsonText(applicationId.toText())},
                         {"data", Json(Json::Object{})},
                         {"id", jsonText(id.toText())},
                         {"insertInstant", jsonInteger(insertInstant)}};
    if (lastLoginInstant != 0) members.emplace_back("lastLoginInstant", jsonInteger(lastLoginInstant));
    members.emplace_back("lastUpdateInstant", jsonInteger(lastUpdateInstant));
    members.emplace_back("preferredLanguages", Json(Json::Array{}));
    members.emplace_back("roles", jsonTexts(roles));
    members.emplace_back("tokens", Json(Json::Object{}));
    members.emplace_back("usernameStatus", jsonText("ACTIVE"));
    members.emplace_back("verified", Json(true));
    return mergedJson(Json(std::move(members)), Json(profile));
}

}  // namespace changebank::kickstart
