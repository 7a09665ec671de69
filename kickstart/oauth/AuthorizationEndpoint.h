#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "kickstart/Directory.h"
#include "kickstart/oauth/AuthorizationCodes.h"
#include "kickstart/oauth/AuthorizationRequest.h"
#include "kickstart/oauth/CsrfToken.h"
#include "kickstart/oauth/OAuthClient.h"
#include "kickstart/oauth/SsoSession.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// The authorization endpoint, `/oauth2/authorize` (RFC 6749 section 3.1, OpenID Connect Core 1.0
/// section 3.1.2), and its login page. A user with a session goes straight on; everybody else types name and
/// password into a form that comes back with POST. May be called by any number of threads.
class AuthorizationEndpoint {
public:
    AuthorizationEndpoint(Directory& directory, AuthorizationCodes& codes, const security::Clock& clock);

    WebAnswer answer(const WebRequest& request);

private:
    /// A request that may be answered at its redirect URI.
    struct Attempt {
        const WebRequest& request;
        const OAuthClient& client;
        AuthorizationResponse response;
        AuthorizationRequest asked;
    };

    WebAnswer proceed(const Attempt& attempt);
    WebAnswer logIn(const Attempt& attempt);
    WebAnswer logIn(const Attempt& attempt, const std::string& loginId);
    WebAnswer admit(const Attempt& attempt, const User& user);
    WebAnswer grant(const Attempt& attempt, const SsoSession& session);
    WebAnswer showLoginPage(const Attempt& attempt, const std::string& notice, int status = 200) const;
    bool mustLogIn(const Attempt& attempt, const SsoSession& session) const;

    Directory& _directory;
    AuthorizationCodes& _codes;
    const security::Clock& _clock;
    const CsrfToken _csrfToken;
};

/// Shows an error to whoever made the request: as a page to a browser, else as JSON.
WebAnswer showError(const WebRequest& request, const OAuthError& error);

}  // namespace changebank::kickstart
