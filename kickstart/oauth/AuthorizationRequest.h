#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "kickstart/oauth/AuthorizationResponse.h"
#include "kickstart/oauth/FormData.h"
#include "kickstart/oauth/OAuthClient.h"
#include "kickstart/oauth/OAuthError.h"
#include "kickstart/oauth/ProofKey.h"
#include "kickstart/oauth/Scopes.h"

namespace changebank::kickstart {

/// What a client asks of the authorization endpoint (RFC 6749 section 4.1.1, OpenID Connect Core 3.1.2.1).
struct AuthorizationRequest {
    Scopes scopes;
    /// Empty if the client sent none.
    std::string nonce;
    std::optional<ProofKey> proofKey;
    /// Whether the user must not be shown any page.
    bool promptsNone = false;
    /// Whether the user must show who he is even if he has a session.
    bool promptsLogin = false;
    /// How long ago that may be.
    std::optional<std::chrono::seconds> maxAge;

    /// The parameters of a request that the login page carries along.
    static FormData carriedParameters(const FormData& parameters);
};

/// Finds out where a request may be answered. An error must be shown to the user and not be sent anywhere:
/// the redirect URI is not one of the client's. `ownCallback` is the hosted backend's, which every client may
/// use.
std::variant<AuthorizationResponse, OAuthError> readResponseTarget(const FormData& parameters,
                                                                   const OAuthClient& client,
                                                                   const std::string& ownCallback);

/// Reads the rest of the request; an error goes to the redirect URI.
std::variant<AuthorizationRequest, OAuthError> readAuthorizationRequest(const FormData& parameters,
                                                                        const OAuthClient& client);

}  // namespace changebank::kickstart
