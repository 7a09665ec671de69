#pragma once

#include <string>
#include <vector>

#include "kickstart/Directory.h"
#include "kickstart/oauth/OAuthClient.h"
#include "kickstart/oauth/TokenGrants.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"

namespace changebank::kickstart {

/// FusionAuth's hosted backend: the confidential part of the authorization code grant, for pages that have no
/// server of their own. Tokens are kept in cookies of the host; the code verifier in the cookie app.pkce_v,
/// which ties the callback to the browser that began. In each function `clientId` is what stood in the path,
/// or the parameter client_id. May be called by any number of threads.
class HostedBackend {
public:
    HostedBackend(Directory& directory, TokenGrants& grants) : _directory(directory), _grants(grants) {}

    /// `GET /app/login`, `/app/register`: begins a login, which ends at the parameter redirect_uri, an
    /// authorized redirect URL of the application, or at the first of those. Registration is not offered
    /// here, so it is a login, too, as at a FusionAuth whose application has no self-service registration.
    WebAnswer logIn(const WebRequest& request, const std::string& clientId) const;

    /// `GET /app/callback`: takes the code, sets the cookies and leads to where the login was to end.
    WebAnswer callback(const WebRequest& request) const;

    /// `GET /app/logout`: removes the cookies and leads to `/oauth2/logout`.
    WebAnswer logOut(const WebRequest& request, const std::string& clientId) const;

private:
    Directory& _directory;
    TokenGrants& _grants;
};

}  // namespace changebank::kickstart
