#include "changebank/kickstart/directory/OAuthConfiguration.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <array>

#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

constexpr std::array<std::string_view, 3> clientAuthenticationNames{"Required", "NotRequired",
                                                                    "NotRequiredWhenUsingPKCE"};
constexpr std::array<std::string_view, 3> proofKeyNames{"Required", "NotRequired",
                                                        "NotRequiredWhenUsingClientAuthentication"};
constexpr std::array<std::string_view, 2> scopeHandlingNames{"Compatibility", "Strict"};
constexpr std::array<std::string_view, 3> unknownScopeNames{"Allow", "Remove", "Reject"};

/// RFC 8707 section 2: an absolute URI without a fragment.
bool isResource(const std::string& uri) try {
    return !Poco::URI(uri).getScheme().empty() && uri.find('#') == std::string::npos;
} catch (const Poco::SyntaxException&) {
    return false;
}

void readResources(const BodyReader& object, std::vector<std::string>& resources) {
    constexpr const char* name = "authorizedResourceUris";
    auto sent = object.strings(name);
    if (!sent) return;
    if (std::all_of(sent->begin(), sent->end(), isResource)) {
        resources = std::move(*sent);
    } else {
        object.addError(name, "invalid", "each one must be an absolute URI without a fragment");
    }
}

}  // namespace

void OAuthConfiguration::readFrom(const BodyReader& object) {
    clientSecret = object.string("clientSecret").value_or(clientSecret);
    authorizedRedirectURLs = object.strings("authorizedRedirectURLs").value_or(authorizedRedirectURLs);
    authorizedOriginURLs = object.strings("authorizedOriginURLs").value_or(authorizedOriginURLs);
    readResources(object, authorizedResourceUris);
    enabledGrants = object.strings("enabledGrants").value_or(enabledGrants);
    logoutURL = object.string("logoutURL").value_or(logoutURL);
    generateRefreshTokens = object.boolean("generateRefreshTokens").value_or(generateRefreshTokens);
    requireRegistration = object.boolean("requireRegistration").value_or(requireRegistration);
    if (const auto strict = object.oneOf<bool>("scopeHandlingPolicy", scopeHandlingNames)) {
        strictScopes = *strict;
    }
    unknownScopes =
        object.oneOf<UnknownScopes>("unknownScopePolicy", unknownScopeNames).value_or(unknownScopes);
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
    if (!authorizedResourceUris.empty()) {
        members.set("authorizedResourceUris", jsonTexts(authorizedResourceUris));
    }
    if (!logoutURL.empty()) members.set("logoutURL", logoutURL);
    return members;
}

}  // namespace changebank::kickstart
