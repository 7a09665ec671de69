#include "changebank/kickstart/tokens/UserClaims.h"

#include <array>
#include <string_view>
#include <utility>

#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

void addMember(Poco::JSON::Object& claims, const User& user, std::string_view member, const char* claim) {
    if (const auto* found = user.profileMember(member)) claims.set(claim, jsonValue(*found));
}

}  // namespace

void addEmailClaims(Poco::JSON::Object& claims, const User& user) {
    if (user.email.empty()) return;
    claims.set("email", user.email);
    claims.set("email_verified", true);
}

void addProfileClaims(Poco::JSON::Object& claims, const User& user) {
    constexpr std::array<std::pair<std::string_view, const char*>, 7> names{{{"fullName", "name"},
                                                                             {"firstName", "given_name"},
                                                                             {"middleName", "middle_name"},
                                                                             {"lastName", "family_name"},
                                                                             {"birthDate", "birthdate"},
                                                                             {"imageUrl", "picture"},
                                                                             {"timezone", "zoneinfo"}}};
    for (const auto& [member, claim] : names) {
        addMember(claims, user, member, claim);
    }
    if (!user.username.empty()) claims.set("preferred_username", user.username);
}

void addPhoneClaims(Poco::JSON::Object& claims, const User& user) {
    addMember(claims, user, "mobilePhone", "phone_number");
}

}  // namespace changebank::kickstart
