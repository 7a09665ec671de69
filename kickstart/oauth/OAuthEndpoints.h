#pragma once

#include <cstdint>
#include <string>

#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/oauth/WebResponse.h"
#include "changebank/kickstart/web/CsrfToken.h"
#include "changebank/kickstart/web/WebRequest.h"

namespace changebank::kickstart {

/// A request as an endpoint sees it, which has the state for itself.
struct OAuthCall {
    const WebRequest& request;
    DirectoryState& state;
    /// Milliseconds since the epoch.
    std::int64_t now;
    const CsrfToken& csrfToken;
    /// For the hosted backend: what stands behind the path, or the parameter client_id.
    std::string clientId;
};

/// `/oauth2/authorize`, the authorization endpoint (RFC 6749 section 3.1, OpenID Connect Core 1.0
/// section 3.1.2), and its login page. A GET shows the page, whose form comes back as a POST with the same
/// query. No session is kept: whoever comes logs in.
WebResponse authorize(const OAuthCall& call);

/// `POST /oauth2/token`, the token endpoint (RFC 6749 section 3.2), with the grants authorization_code and
/// refresh_token, each for the applications that enable it. A client names itself and shows its secret by the
/// header `Authorization: Basic` or by fields (section 2.3.1); a secret that is sent is always checked.
WebResponse exchangeGrant(const OAuthCall& call);

/// `/oauth2/userinfo` (OpenID Connect Core 1.0 section 5.3): what the scopes of an access token tell of its
/// user. An application whose scopes are not strict tells everything, and roles besides.
WebResponse userInfo(const OAuthCall& call);
/// The same for a token, empty if there is none, that came in another way.
WebResponse userInfoFor(const OAuthCall& call, const std::string& token);

/// `/oauth2/logout` (OpenID Connect RP-Initiated Logout 1.0): leads to the parameter
/// post_logout_redirect_uri, an authorized redirect URL of the client, or to the client's logout URL, or to
/// `/`. There is no session to end; refresh tokens stay good, as at FusionAuth.
WebResponse endSession(const OAuthCall& call);

// FusionAuth's hosted backend: the confidential part of the authorization code grant, for pages that have no
// server of their own. Tokens are kept in cookies of the host; the code verifier in the cookie app.pkce_v,
// which ties the callback to the browser that began.

/// `GET /app/login`, `/app/register`: begins a login, which ends at the parameter redirect_uri, an authorized
/// redirect URL of the application, or at the first of those. Registration is not offered here, so it is a
/// login, too, as at a FusionAuth whose application has no self-service registration.
WebResponse beginLogin(const OAuthCall& call);

/// `GET /app/callback`: takes the code, sets the cookies and leads to where the login was to end.
WebResponse completeLogin(const OAuthCall& call);

/// `POST /app/refresh`: 200 with new cookies for the cookie app.rt; 400 where the user must log in again.
/// `OPTIONS`, here and for `/app/me`, is what a browser sends before another origin's request.
WebResponse refreshCookies(const OAuthCall& call);

/// `GET /app/me`: what the UserInfo endpoint says to the cookie app.at.
WebResponse showMe(const OAuthCall& call);

/// `GET /app/logout`: removes the cookies and leads to `/oauth2/logout`.
WebResponse removeCookies(const OAuthCall& call);

}  // namespace changebank::kickstart
