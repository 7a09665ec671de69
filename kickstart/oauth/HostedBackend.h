#pragma once

#include <string>

#include "kickstart/Directory.h"
#include "kickstart/oauth/TokenGrants.h"
#include "kickstart/oauth/UserInfoEndpoint.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"

namespace changebank::kickstart {

/// FusionAuth's hosted backend: the confidential part of the authorization code grant, for pages that have no
/// server of their own. Tokens are kept in cookies of the host; the code verifier in the cookie app.pkce_v,
/// which ties the callback to the browser that began. In each function `clientId` is what stood in the path,
/// or the parameter client_id. May be called by any number of threads.
class HostedBackend {
public:
    HostedBackend(const Directory& directory, TokenGrants& grants, const UserInfoEndpoint& userInfo)
        : _directory(directory), _grants(grants), _userInfo(userInfo) {}

    /// `GET /app/login`, `/app/register`: begins a login, which ends at the parameter redirect_uri, an
    /// authorized redirect URL of the application, or at the first of those. Registration is not offered
    /// here, so it is a login, too, as at a FusionAuth whose application has no self-service registration.
    WebAnswer logIn(const WebRequest& request, const std::string& clientId) const;

    /// `GET /app/callback`: takes the code, sets the cookies and leads to where the login was to end.
    WebAnswer callback(const WebRequest& request) const;

    /// `POST /app/refresh`: 200 with new cookies for the cookie app.rt; 400 where the user must log in again.
    WebAnswer refresh(const WebRequest& request, const std::string& clientId) const;

    /// `GET /app/me`: what the UserInfo endpoint says to the cookie app.at.
    WebAnswer me(const WebRequest& request) const;

    /// `GET /app/logout`: removes the cookies and leads to `/oauth2/logout`.
    WebAnswer logOut(const WebRequest& request, const std::string& clientId) const;

    /// `OPTIONS` for `/app/me` and `/app/refresh`, which a browser sends before another origin's request.
    WebAnswer preflight(const WebRequest& request, const std::string& clientId) const;

private:
    const Directory& _directory;
    TokenGrants& _grants;
    const UserInfoEndpoint& _userInfo;
};

}  // namespace changebank::kickstart
