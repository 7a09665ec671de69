#include "changebank/kickstart/oauth/OAuthClient.h"

#include <Poco/Ascii.h>
#include <Poco/Exception.h>

#include <algorithm>

#include "changebank/base/text/Base64Url.h"
#include "changebank/kickstart/values/Digest.h"
#include "changebank/security/jose/CompactJws.h"

namespace changebank::kickstart {

bool OAuthClient::isAuthorizedRedirect(const std::string& url) const {
    const auto& urls = application.oauth.authorizedRedirectURLs;
    return std::find(urls.begin(), urls.end(), url) != urls.end();
}

bool OAuthClient::hasSecret(const std::string& secret) const {
    const auto& known = application.oauth.clientSecret;
    return areEqualSecrets(sha256(secret), sha256(known)) && !known.empty();
}

bool OAuthClient::lacksRegistrationOf(const User& user) const {
    return application.oauth.requireRegistration && !user.registrationWith(application.id);
}

std::variant<OAuthClient, OAuthError> findClient(const DirectoryState& state, const std::string& clientId) {
    if (clientId.empty()) return OAuthError::missing("client_id");
    const auto id = Uuid::parse(clientId);
    const auto found = id ? state.applications.find(*id) : state.applications.end();
    if (found == state.applications.end() || !found->second.active)
        return OAuthError{"invalid_client", "invalid_client_id", "No active application has this client_id."};
    return OAuthClient{found->second, state.tenants.at(found->second.tenantId)};
}

std::variant<OAuthClient, OAuthError> findClient(const DirectoryState& state, const FormData& parameters) {
    if (const auto* name = parameters.repeated()) return OAuthError::repeated(*name);
    auto client = findClient(state, parameters.text("client_id"));
    const auto* tenantId = parameters.find("tenantId");
    const auto* found = std::get_if<OAuthClient>(&client);
    if (!found || !tenantId || Uuid::parse(*tenantId) == found->tenant.id) return client;
    return OAuthError::invalidRequest("invalid_tenant_id", "The application belongs to another tenant.");
}

std::string clientIdOfClaims(const Json& claims) {
    const auto* audience = claims.find("aud");
    if (!audience) return {};
    const auto* elements = audience->array();
    const auto* first = elements && !elements->empty() ? &elements->front() : audience;
    return first->string() ? *first->string() : std::string();
}

std::string clientIdOfToken(const std::string& token) {
    const auto jws = security::CompactJws::parse(token);
    const auto* parsed = std::get_if<security::CompactJws>(&jws);
    const auto payload = parsed ? decodeBase64Url(parsed->encodedPayload()) : std::nullopt;
    const auto claims = payload ? Json::parse(*payload) : std::nullopt;
    return claims ? clientIdOfClaims(*claims) : std::string();
}

bool isAuthorizedOrigin(const OAuthConfiguration& oauth, const std::string& origin) {
    if (!origin.starts_with("http")) return false;
    const auto hasOrigin = [&](const std::string& url) { return originOfUrl(url) == origin; };
    return std::any_of(oauth.authorizedOriginURLs.begin(), oauth.authorizedOriginURLs.end(), hasOrigin) ||
           std::any_of(oauth.authorizedRedirectURLs.begin(), oauth.authorizedRedirectURLs.end(), hasOrigin);
}

std::string originOfUrl(const std::string& url) try {
    const Poco::URI uri(url);
    const auto& scheme = uri.getScheme();
    const bool isWeb = scheme == "http" || scheme == "https";
    if (scheme.empty() || (isWeb && uri.getHost().empty())) return {};
    const auto origin = scheme + (isWeb ? "://" + uri.getAuthority() : ":");
    // POCO accepts characters that would end a directive of a content security policy.
    const bool isPlain = std::all_of(origin.begin(), origin.end(), [](char c) {
        return Poco::Ascii::isAlphaNumeric(c) ||
               std::string_view("+-.:/[]").find(c) != std::string_view::npos;
    });
    return isPlain ? origin : std::string();
} catch (const Poco::URISyntaxException&) {
    return {};
}

}  // namespace changebank::kickstart
