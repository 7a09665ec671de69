#include "changebank/kickstart/directory/OAuthConfiguration.h"

#include <array>

#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

constexpr std::array<std::string_view, 3> clientAuthenticationNames{"Required", "NotRequired",
                                                                    "NotRequiredWhenUsingPKCE"};
constexpr std::array<std::string_view, 3> proofKeyNames{"Required", "NotRequired",
                                                        "NotRequiredWhenUsingClientAuthentication"};
constexpr std::array<std::string_view, 2> scopeHandlingNames{"Compatibility", "Strict"};

}  // namespace

void OAuthConfiguration::readFrom(const BodyReader& object) {
    clientSecret = object.string("clientSecret").value_or(clientSecret);
    authorizedRedirectURLs = object.strings("authorizedRedirectURLs").value_or(authorizedRedirectURLs);
    authorizedOriginURLs = object.strings("authorizedOriginURLs").value_or(authorizedOriginURLs);
    enabledGrants = object.strings("enabledGrants").value_or(enabledGrants);
    logoutURL = object.string("logoutURL").value_or(logoutURL);
    generateRefreshTokens = object.boolean("generateRefreshTokens").value_or(generateRefreshTokens);
    requireRegistration = object.boolean("requireRegistration").value_or(requireRegistration);
    if (const auto strict = object.oneOf<bool>("scopeHandlingPolicy", scopeHandlingNames)) {
        strictScopes = *strict;
    }
    // FusionAuth's older name of this policy.
    if (const auto asked = object.boolean("requireClientAuthentication")) {
        clientAuthentication = *asked ? ClientAuthentication::required : ClientAuthentication::notRequired;
    }
    clientAuthentication =
        object.oneOf<ClientAuthentication>("clientAuthenticationPolicy", clientAuthenticationNames)
            .value_or(clientAuthentication);
    proofKeyForCodeExchange =
        object.oneOf<ProofKeyForCodeExchange>("proofKeyForCodeExchangePolicy", proofKeyNames)
            .value_or(proofKeyForCodeExchange);
}

Poco::JSON::Object OAuthConfiguration::toJson() const {
    auto members = jsonObject({{"authorizedRedirectURLs", jsonTexts(authorizedRedirectURLs)},
                               {"clientId", clientId},
                               {"clientSecret", clientSecret},
                               {"enabledGrants", jsonTexts(enabledGrants)}});
    if (!logoutURL.empty()) members.set("logoutURL", logoutURL);
    return members;
}

}  // namespace changebank::kickstart
