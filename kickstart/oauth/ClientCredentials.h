#pragma once

#include <optional>
#include <string>
#include <variant>

#include "kickstart/Directory.h"
#include "kickstart/oauth/OAuthClient.h"
#include "kickstart/oauth/OAuthError.h"
#include "kickstart/oauth/WebRequest.h"

namespace changebank::kickstart {

/// Who calls the token endpoint (RFC 6749 section 2.3): the client of the header
/// `Authorization: Basic` or of the fields client_id and client_secret. A secret that is sent is always
/// checked.
struct ClientCredentials {
    OAuthClient client;
    /// Whether the client showed its secret.
    bool isAuthenticated = false;

    /// An error goes with 401 if it is invalid_client, else with 400.
    static std::variant<ClientCredentials, OAuthError> of(const WebRequest& request,
                                                          const Directory& directory);
};

}  // namespace changebank::kickstart
