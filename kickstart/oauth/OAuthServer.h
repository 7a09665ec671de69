#pragma once

#include <string_view>

#include "kickstart/Directory.h"
#include "kickstart/oauth/CsrfToken.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// Everything below `/oauth2/` and `/app/`; see OAuthEndpoints.h. May be called by any number of threads.
class OAuthServer {
public:
    /// Both must outlive the server.
    OAuthServer(Directory& directory, const security::Clock& clock) : _directory(directory), _clock(clock) {}

    /// Whether a path belongs here.
    static bool covers(std::string_view path) {
        return path.starts_with("/oauth2/") || path.starts_with("/app/");
    }

    /// 404 for an unknown path, 405 with Allow for another method. One trailing slash of the path does not
    /// count.
    WebAnswer answer(const WebRequest& request) const;

private:
    Directory& _directory;
    const security::Clock& _clock;
    const CsrfToken _csrfToken;
};

}  // namespace changebank::kickstart
