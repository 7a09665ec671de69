#pragma once

#include <string>

#include "kickstart/Directory.h"
#include "kickstart/oauth/OAuthClient.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// `POST /oauth2/introspect` (RFC 7662): the claims of a client's access or id token while it is good, and
/// whether a refresh token is good. A client need not show its secret, as at FusionAuth; 401 for a token of
/// another client. May be called by any number of threads.
class IntrospectionEndpoint {
public:
    IntrospectionEndpoint(const Directory& directory, const security::Clock& clock)
        : _directory(directory), _clock(clock) {}

    WebAnswer answer(const WebRequest& request) const;

private:
    WebAnswer judgeRefreshToken(const OAuthClient& client, const std::string& token) const;
    WebAnswer judgeSignedToken(const OAuthClient& client, const std::string& token,
                               const std::string& hint) const;

    const Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
