#pragma once

#include <cstdint>
#include <string>

#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/oauth/WebResponse.h"
#include "changebank/kickstart/web/CsrfToken.h"
#include "changebank/kickstart/web/WebRequest.h"

namespace changebank::kickstart {

/// A request to an endpoint, which has exclusive access to the state.
struct OAuthCall {
    const WebRequest& request;
    DirectoryState& state;
    /// Milliseconds since the epoch.
    std::int64_t now;
    const CsrfToken& csrfToken;
    /// For the hosted backend: the last segment of the path, or the parameter client_id.
    std::string clientId;
};

/// `/oauth2/authorize`, the authorization endpoint (RFC 6749 section 3.1, OpenID Connect Core 1.0 section
/// 3.1.2), and its login page, with resource indicators (RFC 8707) and `dpop_jkt` (RFC 9449 section 10). A
/// GET returns the page; its form is a POST with the same query. There are no sessions: every authorization
/// requires a login.
WebResponse authorize(const OAuthCall& call);

/// `POST /oauth2/token`, the token endpoint (RFC 6749 section 3.2), with the grants authorization_code,
/// password and refresh_token, each for the applications that enable it. A client authenticates by the header
/// `Authorization: Basic` or by form fields (section 2.3.1); a secret is always checked if it is sent. A
/// proof in the header DPoP (RFC 9449 section 5) binds the tokens to its key; see ProvenKey.
WebResponse exchangeGrant(const OAuthCall& call);

/// `/oauth2/userinfo` (OpenID Connect Core 1.0 section 5.3): the claims about the user that the token's
/// scopes cover. If the application's scopes are not strict, all claims and the roles.
WebResponse userInfo(const OAuthCall& call);
/// The same with a token from elsewhere; empty if there is none.
WebResponse userInfoFor(const OAuthCall& call, const std::string& token);

/// `/oauth2/logout` (OpenID Connect RP-Initiated Logout 1.0): redirects to the parameter
/// post_logout_redirect_uri, an authorized redirect URL of the client, else to the client's logout URL, else
/// to `/`. Ends nothing: there are no sessions, and refresh tokens remain valid, as at FusionAuth.
WebResponse endSession(const OAuthCall& call);

// FusionAuth's hosted backend: the confidential part of the authorization code grant, for pages without a
// server of their own. The tokens are cookies of the host. The code verifier is the cookie app.pkce_v, which
// binds the callback to the browser that began the login.

/// `GET /app/login`, `/app/register`: begins a login, which ends at the parameter redirect_uri, an authorized
/// redirect URL of the application, or at the first of those. `/app/register` is a login too, as at a
/// FusionAuth whose application has no self-service registration.
WebResponse beginLogin(const OAuthCall& call);

/// `GET /app/callback`: redeems the code, sets the cookies and redirects to the URL at which the login ends.
WebResponse completeLogin(const OAuthCall& call);

/// `POST /app/refresh`: 200 with new cookies for the cookie app.rt; 400 if the user must log in again.
/// `OPTIONS`, here and for `/app/me`, is the preflight of another origin's request.
WebResponse refreshCookies(const OAuthCall& call);

/// `GET /app/me`: the UserInfo response for the cookie app.at.
WebResponse showMe(const OAuthCall& call);

/// `/`, `/admin`, `/account`: the applications and the kickstart's users with their passwords.
WebResponse showHome(const OAuthCall& call);

/// `GET /kickstartd/broken-token`: `{"token":…}`, a token with the fault of the parameter kind
/// (BrokenToken::kindNamed()) for the client of client_id, for pages of its origins; 400 for other kinds and
/// clients. FusionAuth has nothing like it.
WebResponse breakToken(const OAuthCall& call);

/// `GET /app/logout`: removes the cookies and redirects to `/oauth2/logout`.
WebResponse removeCookies(const OAuthCall& call);

}  // namespace changebank::kickstart
