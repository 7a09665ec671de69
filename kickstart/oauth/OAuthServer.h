#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kickstart/Directory.h"
#include "kickstart/oauth/AuthorizationEndpoint.h"
#include "kickstart/oauth/HostedBackend.h"
#include "kickstart/oauth/TokenGrants.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// Everything below `/oauth2/` and `/app/`. May be called by any number of threads.
class OAuthServer {
public:
    /// The directory must outlive the server.
    OAuthServer(Directory& directory, const security::Clock& clock);

    /// Whether a path belongs here.
    static bool covers(std::string_view path) {
        return path.starts_with("/oauth2/") || path.starts_with("/app/");
    }

    /// 404 for an unknown path, 405 with Allow for another method. One trailing slash of the path does not
    /// count.
    WebAnswer answer(const WebRequest& request) const;

private:
    struct Route {
        std::string_view path;
        /// As in the header Allow.
        std::string methods;
        /// Gets the client id of the path or the query, which the hosted backend takes.
        std::function<WebAnswer(const WebRequest&, const std::string& clientId)> endpoint;
    };

    /// `/oauth2/logout` (OpenID Connect RP-Initiated Logout 1.0): leads to the parameter
    /// post_logout_redirect_uri, an authorized redirect URL of the client, or to the client's logout URL, or
    /// to
    /// `/`. There is no session to end; refresh tokens stay good, as at FusionAuth.
    WebAnswer logOut(const WebRequest& request) const;

    const Directory& _directory;
    TokenGrants _grants;
    AuthorizationEndpoint _authorization;
    HostedBackend _backend;
    const std::vector<Route> _routes;
};

}  // namespace changebank::kickstart
