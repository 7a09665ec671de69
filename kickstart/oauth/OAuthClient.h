#pragma once

#include <string>
#include <variant>

#include "changebank/kickstart/directory/Application.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/directory/Tenant.h"
#include "changebank/kickstart/directory/User.h"
#include "changebank/kickstart/oauth/OAuthError.h"
#include "changebank/kickstart/web/FormData.h"

namespace changebank::kickstart {

/// An application in its role as an OAuth client, with its tenant; both are the state's.
struct OAuthClient {
    const Application& application;
    const Tenant& tenant;

    /// Whether the URL is, as a whole text, one that the application may be redirected to.
    bool isAuthorizedRedirect(const std::string& url) const;

    /// Whether the secret is the application's; takes the same time for every text. An application without a
    /// secret has none that is right.
    bool hasSecret(const std::string& secret) const;

    /// Whether the user may not come in for want of a registration.
    bool lacksRegistrationOf(const User& user) const;
};

/// The active application of that client id, or missing_client_id or invalid_client_id.
std::variant<OAuthClient, OAuthError> findClient(const DirectoryState& state, const std::string& clientId);

/// The client that the parameter client_id names. An error if any parameter is there more than once, or if
/// the parameter tenantId names a tenant that is not the client's.
std::variant<OAuthClient, OAuthError> findClient(const DirectoryState& state, const FormData& parameters);

/// The client id that a token says it is for; empty for what is not a token. Nothing is verified.
std::string clientIdOfToken(const std::string& token);

/// Whether pages of that origin may call the hosted backend with the user's cookies: an authorized origin of
/// the application, or the origin of one of its authorized redirect URLs.
bool isAuthorizedOrigin(const OAuthConfiguration& oauth, const std::string& origin);

/// The origin (RFC 6454 section 6.2) of an http or https URL; of another one the scheme with its colon, as
/// the source lists of a content security policy name it. Empty for what is not an absolute URL.
std::string originOfUrl(const std::string& url);

}  // namespace changebank::kickstart
