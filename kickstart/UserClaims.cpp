#include "kickstart/UserClaims.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

void addMember(Json::Object& claims, const User& user, std::string_view member, const char* claim) {
    const auto found = std::find_if(user.profile.begin(), user.profile.end(),
                                    [&](const auto& each) { return each.first == member; });
    if (found != user.profile.end()) claims.emplace_back(claim, found->second);
}

}  // namespace

void addEmailClaims(Json::Object& claims, const User& user) {
    if (user.email.empty()) return;
    claims.emplace_back("email", jsonText(user.email));
    claims.emplace_back("email_verified", Json(user.verifiedInstant != 0));
}

void addProfileClaims(Json::Object& claims, const User& user) {
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
    if (!user.username.empty()) claims.emplace_back("preferred_username", jsonText(user.username));
}

void addPhoneClaims(Json::Object& claims, const User& user) {
    addMember(claims, user, "mobilePhone", "phone_number");
}

}  // namespace changebank::kickstart
