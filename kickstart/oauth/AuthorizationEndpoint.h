#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "kickstart/Authentication.h"
#include "kickstart/Directory.h"
#include "kickstart/oauth/AuthorizationCodes.h"
#include "kickstart/oauth/AuthorizationRequest.h"
#include "kickstart/oauth/CsrfToken.h"
#include "kickstart/oauth/LoginLimits.h"
#include "kickstart/oauth/LoginThrottle.h"
#include "kickstart/oauth/OAuthClient.h"
#include "kickstart/oauth/SsoSession.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// The authorization endpoint, `/oauth2/authorize` (RFC 6749 section 3.1, OpenID Connect Core 1.0
/// section 3.1.2), and its login page. A user with a session goes straight on; everybody else types name and
/// password, and a code if there is a second factor, into a form that comes back with POST. May be called by
/// any number of threads; a login takes the time of one password hash.
class AuthorizationEndpoint {
public:
    AuthorizationEndpoint(Directory& directory, Authentication& authentication, AuthorizationCodes& codes,
                          const security::Clock& clock, const LoginLimits& limits);

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
    std::optional<std::chrono::seconds> waitOf(const std::string& address, const std::string& name);
    WebAnswer authenticate(const Attempt& attempt, const std::string& loginId);
    WebAnswer complete(const Attempt& attempt);
    WebAnswer admit(const Attempt& attempt, const User& user);
    WebAnswer grant(const Attempt& attempt, const SsoSession& session);
    /// `twoFactorId` is set where a code is asked for instead of name and password.
    WebAnswer showLoginPage(const Attempt& attempt, const std::string& notice, int status = 200,
                            const std::string& twoFactorId = "") const;
    WebAnswer showWait(const Attempt& attempt, std::chrono::seconds wait) const;
    bool mustLogIn(const Attempt& attempt, const SsoSession& session) const;

    Directory& _directory;
    Authentication& _authentication;
    AuthorizationCodes& _codes;
    const security::Clock& _clock;
    const CsrfToken _csrfToken;
    LoginThrottle _names;
    LoginThrottle _addresses;
};

/// Shows an error to whoever made the request: as a page to a browser, else as JSON.
WebAnswer showError(const WebRequest& request, const OAuthError& error);

}  // namespace changebank::kickstart
