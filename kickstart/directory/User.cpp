#include "changebank/kickstart/directory/User.h"

#include <Poco/String.h>

#include <algorithm>

#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

bool User::hasLoginId(const std::string& loginId) const {
    return (!email.empty() && Poco::icompare(email, loginId) == 0) ||
           (!username.empty() && Poco::icompare(username, loginId) == 0);
}

const Registration* User::registrationWith(const Uuid& applicationId) const {
    const auto found = registrations.find(applicationId);
    return found == registrations.end() ? nullptr : &found->second;
}

const Json* User::profileMember(std::string_view name) const {
    const auto found = profile.find(std::string(name));
    return found == profile.end() ? nullptr : &found->second;
}

Json User::toJson() const {
    Json::Array registrationObjects;
    for (const auto& entry : registrations) {
        registrationObjects.push_back(entry.second.toJson());
    }
    Json::Object members(profile.begin(), profile.end());
    members.emplace_back("active", Json(active));
    if (!email.empty()) members.emplace_back("email", jsonText(email));
    members.emplace_back("id", jsonText(id.toText()));
    members.emplace_back("insertInstant", jsonInteger(insertInstant));
    if (lastLoginInstant != 0) members.emplace_back("lastLoginInstant", jsonInteger(lastLoginInstant));
    members.emplace_back("lastUpdateInstant", jsonInteger(lastUpdateInstant));
    members.emplace_back("passwordLastUpdateInstant", jsonInteger(passwordLastUpdateInstant));
    members.emplace_back("registrations", Json(std::move(registrationObjects)));
    members.emplace_back("tenantId", jsonText(tenantId.toText()));
    if (!username.empty()) members.emplace_back("username", jsonText(username));
    members.emplace_back("verified", Json(true));
    return Json(std::move(members));
}

}  // namespace changebank::kickstart
