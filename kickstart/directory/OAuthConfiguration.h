#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/values/BodyReader.h"

namespace changebank::kickstart {

/// When the token endpoint requires the client's secret.
enum class ClientAuthentication : unsigned char { required, notRequired, notRequiredWhenUsingPkce };

/// When the authorization endpoint requires a code challenge (RFC 7636).
enum class ProofKeyForCodeExchange : unsigned char {
    required,
    notRequired,
    notRequiredWhenUsingClientAuthentication
};

/// What happens to a scope that an application does not know.
enum class UnknownScopes : unsigned char { allow, remove, reject };

/// FusionAuth's `application.oauthConfiguration`: what the application may do at the OAuth endpoints.
struct OAuthConfiguration {
    /// The application's id, as text.
    std::string clientId;
    std::string clientSecret;
    /// Compared exactly.
    std::vector<std::string> authorizedRedirectURLs;
    std::vector<std::string> authorizedOriginURLs;
    /// The values of `resource` (RFC 8707) that may become part of the claim `aud`: absolute URIs without a
    /// fragment, compared exactly. If there are none, `resource` is ignored.
    std::vector<std::string> authorizedResourceUris;
    /// The grants by their names in `grant_type`: "authorization_code", "refresh_token", …
    std::vector<std::string> enabledGrants{"authorization_code", "refresh_token"};
    /// Empty if not set.
    std::string logoutURL;
    /// Whether a grant with the scope offline_access yields a refresh token.
    bool generateRefreshTokens = true;
    /// Whether only registered users may sign in.
    bool requireRegistration = false;
    /// FusionAuth's scopeHandlingPolicy Strict: access tokens have no claims with the user's names.
    bool strictScopes = true;
    UnknownScopes unknownScopes = UnknownScopes::reject;
    ClientAuthentication clientAuthentication = ClientAuthentication::required;
    ProofKeyForCodeExchange proofKeyForCodeExchange = ProofKeyForCodeExchange::notRequired;

    bool enables(std::string_view grant) const {
        return std::find(enabledGrants.begin(), enabledGrants.end(), grant) != enabledGrants.end();
    }

    bool authorizesResource(const std::string& uri) const {
        return std::find(authorizedResourceUris.begin(), authorizedResourceUris.end(), uri) !=
               authorizedResourceUris.end();
    }

    /// Whether kickstartd supports this grant.
    static bool isServed(std::string_view grant) {
        return grant == "authorization_code" || grant == "password" || grant == "refresh_token";
    }

    /// Updates from a request; absent members keep their values. Adds an error for each invalid value.
    void readFrom(const BodyReader& object);

    /// The members that a client needs, with its secret.
    Poco::JSON::Object toJson() const;
};

}  // namespace changebank::kickstart
