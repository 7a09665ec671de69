#include "kickstart/JwtConfiguration.h"

#include <array>

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr std::array<std::string_view, 2> usageNames{"Reusable", "OneTimeUse"};
constexpr std::array<std::string_view, 3> expirationNames{"Fixed", "SlidingWindow",
                                                          "SlidingWindowWithMaximumLifetime"};

}  // namespace

void JwtConfiguration::readFrom(const BodyReader& object) {
    accessTokenKeyId = object.uuid("accessTokenKeyId").value_or(accessTokenKeyId);
    idTokenKeyId = object.uuid("idTokenKeyId").value_or(idTokenKeyId);
    timeToLiveInSeconds = object.positive("timeToLiveInSeconds").value_or(timeToLiveInSeconds);
    refreshTokenTimeToLiveInMinutes =
        object.positive("refreshTokenTimeToLiveInMinutes").value_or(refreshTokenTimeToLiveInMinutes);
    refreshTokenUsage =
        object.oneOf<RefreshTokenUsage>("refreshTokenUsagePolicy", usageNames).value_or(refreshTokenUsage);
    refreshTokenExpiration =
        object.oneOf<RefreshTokenExpiration>("refreshTokenExpirationPolicy", expirationNames)
            .value_or(refreshTokenExpiration);
    refreshTokenMaximumTimeToLiveInMinutes = object.object("refreshTokenSlidingWindowConfiguration")
                                                 .positive("maximumTimeToLiveInMinutes")
                                                 .value_or(refreshTokenMaximumTimeToLiveInMinutes);
    const auto revocation = object.object("refreshTokenRevocationPolicy");
    revokesOnOneTimeTokenReuse =
        revocation.boolean("onOneTimeTokenReuse").value_or(revokesOnOneTimeTokenReuse);
    revokesOnPasswordChanged = revocation.boolean("onPasswordChanged").value_or(revokesOnPasswordChanged);
}

Json JwtConfiguration::toJson() const {
    return Json(Json::Object{
        {"accessTokenKeyId", jsonText(accessTokenKeyId.toText())},
        {"idTokenKeyId", jsonText(idTokenKeyId.toText())},
        {"refreshTokenExpirationPolicy",
         jsonText(expirationNames[static_cast<std::size_t>(refreshTokenExpiration)])},
        {"refreshTokenRevocationPolicy",
         Json(Json::Object{{"onOneTimeTokenReuse", Json(revokesOnOneTimeTokenReuse)},
                           {"onPasswordChanged", Json(revokesOnPasswordChanged)}})},
        {"refreshTokenSlidingWindowConfiguration",
         Json(Json::Object{
             {"maximumTimeToLiveInMinutes", jsonInteger(refreshTokenMaximumTimeToLiveInMinutes)}})},
        {"refreshTokenTimeToLiveInMinutes", jsonInteger(refreshTokenTimeToLiveInMinutes)},
        {"refreshTokenUsagePolicy", jsonText(usageNames[static_cast<std::size_t>(refreshTokenUsage)])},
        {"timeToLiveInSeconds", jsonInteger(timeToLiveInSeconds)}});
}

}  // namespace changebank::kickstart
