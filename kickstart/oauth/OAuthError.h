#pragma once

#include <string>
#include <utility>

namespace changebank::kickstart {

/// An error of an OAuth endpoint in FusionAuth's form: the code of RFC 6749 or OpenID Connect, FusionAuth's
/// own code for the exact reason, and a sentence.
struct OAuthError {
    /// For example "invalid_grant".
    std::string error;
    /// For example "auth_code_not_found".
    std::string reason;
    std::string description;

    static OAuthError invalidRequest(std::string reason, std::string description) {
        return {"invalid_request", std::move(reason), std::move(description)};
    }
    /// A parameter is missing.
    static OAuthError missing(const std::string& name) {
        return invalidRequest("missing_" + name, "The parameter " + name + " is missing.");
    }
    /// The redirect URI is not one of the application's.
    static OAuthError invalidRedirectUri() {
        return invalidRequest(
            "invalid_redirect_uri",
            "The parameter redirect_uri is not one of the application's authorized redirect "
            "URLs. They must match exactly, including every slash.");
    }
    /// RFC 8707 section 2: a resource is not one that the client may name.
    static OAuthError invalidTarget(std::string description) {
        return {"invalid_target", "unknown", std::move(description)};
    }
    /// A parameter is repeated; see FormData::repeated().
    static OAuthError repeated(const std::string& name) {
        return invalidRequest("unknown", "The parameter " + name + " is repeated.");
    }
};

}  // namespace changebank::kickstart
