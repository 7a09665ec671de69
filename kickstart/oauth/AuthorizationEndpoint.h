#pragma once

#include "kickstart/Directory.h"
#include "kickstart/oauth/CsrfToken.h"
#include "kickstart/oauth/OAuthClient.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// The authorization endpoint, `/oauth2/authorize` (RFC 6749 section 3.1, OpenID Connect Core 1.0
/// section 3.1.2), and its login page. A GET shows the page, whose form comes back as a POST with the same
/// query. No session is kept: whoever comes logs in. May be called by any number of threads.
class AuthorizationEndpoint {
public:
    AuthorizationEndpoint(Directory& directory, const security::Clock& clock)
        : _directory(directory), _clock(clock) {}

    WebAnswer answer(const WebRequest& request);

private:
    WebAnswer logIn(const WebRequest& request, const OAuthClient& client);
    /// Leads back to the client, with a code.
    WebAnswer grant(const FormData& asked, const OAuthClient& client, const Uuid& userId, bool isRegistered);
    WebAnswer showLoginPage(const WebRequest& request, const OAuthClient& client, const std::string& notice,
                            int status = 200) const;

    Directory& _directory;
    const security::Clock& _clock;
    const CsrfToken _csrfToken;
};

}  // namespace changebank::kickstart
