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

Poco::JSON::Object User::toJson() const {
    Poco::JSON::Array registrationObjects;
    for (const auto& entry : registrations) {
        registrationObjects.add(entry.second.toJson());
    }
    auto members = jsonObject();
    for (const auto& [name, value] : profile) {
        members.set(name, jsonValue(value));
    }
    members.set("active", active);
    if (!email.empty()) members.set("email", email);
    members.set("id", id.toText());
    members.set("insertInstant", insertInstant);
    if (lastLoginInstant != 0) members.set("lastLoginInstant", lastLoginInstant);
    members.set("lastUpdateInstant", lastUpdateInstant);
    members.set("passwordLastUpdateInstant", passwordLastUpdateInstant);
    members.set("registrations", registrationObjects);
    members.set("tenantId", tenantId.toText());
    if (!username.empty()) members.set("username", username);
    members.set("verified", true);
    return members;
}

}  // namespace changebank::kickstart
