#pragma once

#include <string_view>

#include "changebank/base/system/Clock.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/oauth/WebResponse.h"
#include "changebank/kickstart/web/CsrfToken.h"
#include "changebank/kickstart/web/WebRequest.h"

namespace changebank::kickstart {

/// Serves every path below `/oauth2/`, `/app/` and `/kickstartd/`, and the pages; see OAuthEndpoints.h.
/// Thread-safe.
class OAuthServer {
public:
    /// Both must outlive the server.
    OAuthServer(Directory& directory, const Clock& clock) : _directory(directory), _clock(clock) {}

    /// Whether a path is one of these.
    static bool covers(std::string_view path) {
        return path == "/" || path.starts_with("/oauth2/") || path.starts_with("/app/") ||
               path.starts_with("/kickstartd/") || path.starts_with("/account") || path.starts_with("/admin");
    }

    /// Handles one request: 404 for an unknown path, 405 with Allow for another method; the body says so.
    /// Ignores one trailing slash of the path.
    WebResponse handle(const WebRequest& request) const;

private:
    Directory& _directory;
    const Clock& _clock;
    const CsrfToken _csrfToken;
};

}  // namespace changebank::kickstart
