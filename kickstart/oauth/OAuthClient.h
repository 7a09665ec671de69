#pragma once

#include <string>
#include <variant>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/directory/Application.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/directory/Tenant.h"
#include "changebank/kickstart/directory/User.h"
#include "changebank/kickstart/oauth/OAuthError.h"
#include "changebank/kickstart/web/FormData.h"

namespace changebank::kickstart {

/// An application as an OAuth client, with its tenant; references into the state.
struct OAuthClient {
    const Application& application;
    const Tenant& tenant;

    /// Whether the URL is exactly one of the application's authorized redirect URLs.
    bool isAuthorizedRedirect(const std::string& url) const;

    /// Whether the secret is the application's, compared in constant time. False for an application without a
    /// secret.
    bool hasSecret(const std::string& secret) const;

    /// Whether the application requires a registration that the user does not have.
    bool lacksRegistrationOf(const User& user) const;
};

/// The active application with this client id, or the error missing_client_id or invalid_client_id.
std::variant<OAuthClient, OAuthError> findClient(const DirectoryState& state, const std::string& clientId);

/// The client that the parameter client_id names. An error if a parameter is repeated or if the parameter
/// tenantId names another tenant than the client's.
std::variant<OAuthClient, OAuthError> findClient(const DirectoryState& state, const FormData& parameters);

/// The client id in a token's claims: `aud`, or its first element; empty if it has none.
std::string clientIdOfClaims(const Json& claims);

/// The client id in a token's claims; empty if the text is not a token. Verifies nothing.
std::string clientIdOfToken(const std::string& token);

/// Whether pages of this origin may call the hosted backend with the user's cookies: it is one of the
/// application's authorized origins, or the origin of an authorized redirect URL.
bool isAuthorizedOrigin(const OAuthConfiguration& oauth, const std::string& origin);

/// The origin (RFC 6454 section 6.2) of an http or https URL; for other URLs the scheme with its colon, as in
/// the source list of a content security policy. Empty if the text is not an absolute URL.
std::string originOfUrl(const std::string& url);

}  // namespace changebank::kickstart
