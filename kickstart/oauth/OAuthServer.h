#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kickstart/Directory.h"
#include "kickstart/oauth/AuthorizationCodes.h"
#include "kickstart/oauth/AuthorizationEndpoint.h"
#include "kickstart/oauth/HostedBackend.h"
#include "kickstart/oauth/LogoutEndpoint.h"
#include "kickstart/oauth/TokenEndpoint.h"
#include "kickstart/oauth/TokenGrants.h"
#include "kickstart/oauth/UserInfoEndpoint.h"
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
    WebAnswer answer(const WebRequest& request);

private:
    /// Gets the client id of the path or the query, which the hosted backend takes.
    using Endpoint = std::function<WebAnswer(const WebRequest&, const std::string& clientId)>;

    struct Route {
        std::string_view path;
        std::string_view method;
        Endpoint endpoint;
    };

    AuthorizationCodes _codes;
    TokenGrants _grants;
    AuthorizationEndpoint _authorization;
    TokenEndpoint _token;
    UserInfoEndpoint _userInfo;
    LogoutEndpoint _logout;
    HostedBackend _backend;
    const std::vector<Route> _routes;
};

}  // namespace changebank::kickstart
