#include "changebank/kickstart/directory/JwtConfiguration.h"

#include <array>
#include <string_view>

#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

constexpr std::array<std::string_view, 2> usageNames{"Reusable", "OneTimeUse"};

}  // namespace

void JwtConfiguration::readFrom(const BodyReader& object) {
    accessTokenKeyId = object.uuid("accessTokenKeyId").value_or(accessTokenKeyId);
    idTokenKeyId = object.uuid("idTokenKeyId").value_or(idTokenKeyId);
    timeToLiveInSeconds = object.positive("timeToLiveInSeconds").value_or(timeToLiveInSeconds);
    refreshTokenTimeToLiveInMinutes =
        object.positive("refreshTokenTimeToLiveInMinutes").value_or(refreshTokenTimeToLiveInMinutes);
    refreshTokensAreForOneUse =
        object.oneOf<bool>("refreshTokenUsagePolicy", usageNames).value_or(refreshTokensAreForOneUse);
    revokesOnPasswordChanged = object.object("refreshTokenRevocationPolicy")
                                   .boolean("onPasswordChanged")
                                   .value_or(revokesOnPasswordChanged);
}

Poco::JSON::Object JwtConfiguration::toJson() const {
    return jsonObject({{"accessTokenKeyId", accessTokenKeyId.toText()},
                       {"idTokenKeyId", idTokenKeyId.toText()},
                       {"refreshTokenTimeToLiveInMinutes", refreshTokenTimeToLiveInMinutes},
                       {"timeToLiveInSeconds", timeToLiveInSeconds}});
}

}  // namespace changebank::kickstart
