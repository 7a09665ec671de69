#pragma once

#include "kickstart/Directory.h"
#include "kickstart/oauth/ClientCredentials.h"
#include "kickstart/oauth/TokenGrants.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"

namespace changebank::kickstart {

/// The token endpoint, `POST /oauth2/token` (RFC 6749 section 3.2), with the grants authorization_code,
/// refresh_token and password, each for the applications that enable it. May be called by any number of
/// threads.
class TokenEndpoint {
public:
    TokenEndpoint(const Directory& directory, TokenGrants& grants) : _directory(directory), _grants(grants) {}

    WebAnswer answer(const WebRequest& request);

private:
    TokenGrants::Result grant(const ClientCredentials& credentials, const FormData& form);

    const Directory& _directory;
    TokenGrants& _grants;
};

/// The answer of an endpoint that refuses a client: 401 with a challenge for invalid_client, else 400.
WebAnswer refuseClient(const OAuthError& error);

}  // namespace changebank::kickstart
