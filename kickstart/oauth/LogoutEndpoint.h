#pragma once

#include "kickstart/Directory.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// `/oauth2/logout` (OpenID Connect RP-Initiated Logout 1.0), with GET and POST: ends the browser's session
/// and leads to the parameter post_logout_redirect_uri, an authorized redirect URL of the client, or to the
/// client's logout URL, or to `/`. Refresh tokens stay good, as at FusionAuth. May be called by any number of
/// threads.
class LogoutEndpoint {
public:
    LogoutEndpoint(Directory& directory, const security::Clock& clock)
        : _directory(directory), _clock(clock) {}

    WebAnswer answer(const WebRequest& request) const;

private:
    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
