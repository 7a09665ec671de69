#pragma once

#include <string_view>

#include "changebank/base/system/Clock.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/oauth/WebResponse.h"
#include "changebank/kickstart/web/CsrfToken.h"
#include "changebank/kickstart/web/WebRequest.h"

namespace changebank::kickstart {

/// Everything below `/oauth2/` and `/app/`; see OAuthEndpoints.h. May be called by any number of threads.
class OAuthServer {
public:
    /// Both must outlive the server.
    OAuthServer(Directory& directory, const Clock& clock) : _directory(directory), _clock(clock) {}

    /// Whether a path belongs here.
    static bool covers(std::string_view path) {
        return path.starts_with("/oauth2/") || path.starts_with("/app/");
    }

    /// 404 for an unknown path, 405 with Allow for another method. One trailing slash of the path does not
    /// count.
    WebResponse handle(const WebRequest& request) const;

private:
    Directory& _directory;
    const Clock& _clock;
    const CsrfToken _csrfToken;
};

}  // namespace changebank::kickstart
