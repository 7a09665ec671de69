#pragma once

#include <string>

#include "kickstart/oauth/FormData.h"
#include "kickstart/oauth/OAuthError.h"
#include "kickstart/oauth/WebAnswer.h"

namespace changebank::kickstart {

/// How the answer of the authorization endpoint travels: in the query or the fragment of the redirect URI.
enum class ResponseMode : unsigned char { query, fragment };

/// Where and how an authorization request is answered, once it is known that the client may be redirected
/// there.
struct AuthorizationResponse {
    std::string redirectUri;
    ResponseMode mode = ResponseMode::query;
    /// What the client sent, to be sent back; empty if it sent nothing.
    std::string state;
    /// The tenant's issuer, which tells the client whose answer it is (RFC 9207).
    std::string issuer;

    WebAnswer withCode(const std::string& code, const std::string& userState) const;
    WebAnswer withError(const OAuthError& error) const;

private:
    WebAnswer with(FormData parameters) const;
};

}  // namespace changebank::kickstart
