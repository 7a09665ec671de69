#pragma once

#include <string>

#include "kickstart/Directory.h"
#include "kickstart/oauth/TokenGrants.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's hosted backend: the confidential part of the authorization code grant, for pages that have no
/// server of their own. Tokens are kept in cookies of the host; the code verifier in the cookie app.pkce_v,
/// which ties the callback to the browser that began. In each function `clientId` is what stood in the path,
/// or the parameter client_id. May be called by any number of threads.
class HostedBackend {
public:
    HostedBackend(const Directory& directory, TokenGrants& grants, const security::Clock& clock)
        : _directory(directory), _grants(grants), _clock(clock) {}

    /// `GET /app/login`, `/app/register`: begins a login, which ends at the parameter redirect_uri, an
    /// authorized redirect URL of the application, or at the first of those. Registration is not offered
    /// here, so it is a login, too, as at a FusionAuth whose application has no self-service registration.
    WebAnswer logIn(const WebRequest& request, const std::string& clientId) const;

    /// `GET /app/callback`: takes the code, sets the cookies and leads to where the login was to end.
    WebAnswer callback(const WebRequest& request) const;

    /// `POST /app/refresh`: 200 with new cookies for the cookie app.rt; 400 where the user must log in again.
    /// `OPTIONS`, here and for `/app/me`, is what a browser sends before another origin's request.
    WebAnswer refresh(const WebRequest& request, const std::string& clientId) const;

    /// `GET /app/me`: what the UserInfo endpoint says to the cookie app.at.
    WebAnswer me(const WebRequest& request, const std::string& clientId) const;

    /// `GET /app/logout`: removes the cookies and leads to `/oauth2/logout`.
    WebAnswer logOut(const WebRequest& request, const std::string& clientId) const;

private:
    /// The answer to a call that a page makes with the user's cookies, or to its preflight, readable for that
    /// page (CORS, Fetch standard section 3.2); 403 if it is of an origin that is neither ours nor one of the
    /// client's, or of any application where the client is not known.
    template <typename Answer>
    WebAnswer forPage(const WebRequest& request, const std::string& clientId, Answer answer) const;

    const Directory& _directory;
    TokenGrants& _grants;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
