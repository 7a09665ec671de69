#include "kickstart/oauth/OAuthClient.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "kickstart/Digest.h"

namespace changebank::kickstart {

bool OAuthClient::isAuthorizedRedirect(const std::string& url) const {
    const auto& urls = application.oauth.authorizedRedirectURLs;
    return std::find(urls.begin(), urls.end(), url) != urls.end();
}

bool OAuthClient::hasSecret(const std::string& secret) const {
    const auto& known = application.oauth.clientSecret;
    const auto expected = sha256(known);
    return CRYPTO_memcmp(sha256(secret).data(), expected.data(), expected.size()) == 0 && !known.empty();
}

std::variant<OAuthClient, OAuthError> findClient(const Directory& directory, const std::string& clientId) {
    if (clientId.empty()) {
        return OAuthError{"invalid_request", "missing_client_id", "The parameter client_id is missing."};
    }
    const auto id = Uuid::parse(clientId);
    auto client = directory.read([&](const DirectoryState& state) {
        const auto found = id ? state.applications.find(*id) : state.applications.end();
        if (found == state.applications.end() || !found->second.active) return std::optional<OAuthClient>();
        return std::optional(OAuthClient{found->second, state.tenants.at(found->second.tenantId)});
    });
    if (!client) {
        return OAuthError{"invalid_client", "invalid_client_id", "No active application has this client_id."};
    }
    return std::move(*client);
}

std::variant<OAuthClient, OAuthError> findClient(const Directory& directory, const FormData& parameters) {
    auto client = findClient(directory, parameters.text("client_id"));
    const auto* tenantId = parameters.find("tenantId");
    const auto* found = std::get_if<OAuthClient>(&client);
    if (!found || !tenantId) return client;
    if (Uuid::parse(*tenantId) == found->tenant.id) return client;
    return OAuthError{"invalid_request", "invalid_tenant_id", "The application belongs to another tenant."};
}

bool isAuthorizedOrigin(const OAuthConfiguration& oauth, const std::string& origin) {
    if (originOfUrl(origin) != origin || origin.ends_with(':')) return false;
    const auto hasOrigin = [&](const std::string& url) { return originOfUrl(url) == origin; };
    return std::any_of(oauth.authorizedOriginURLs.begin(), oauth.authorizedOriginURLs.end(), hasOrigin) ||
           std::any_of(oauth.authorizedRedirectURLs.begin(), oauth.authorizedRedirectURLs.end(), hasOrigin);
}

std::string originOfUrl(const std::string& url) {
    const auto colon = url.find(':');
    if (colon == std::string::npos || colon == 0) return {};
    const auto scheme = url.substr(0, colon);
    const bool isScheme = std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    });
    if (!isScheme) return {};
    if (scheme != "http" && scheme != "https") return scheme + ':';
    if (url.compare(colon, 3, "://") != 0) return {};
    const auto end = url.find_first_of("/?#", colon + 3);
    const auto origin = url.substr(0, end);
    const bool isOrigin = origin.size() > colon + 3 && std::all_of(origin.begin(), origin.end(), [](char c) {
                              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                     (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':' || c == '/' ||
                                     c == '[' || c == ']';
                          });
    return isOrigin ? origin : std::string();
}

}  // namespace changebank::kickstart
