#pragma once

#include <string>
#include <utility>

namespace changebank::kickstart {

/// A refusal of an OAuth endpoint as FusionAuth writes it: the code of RFC 6749 or OpenID Connect,
/// FusionAuth's own code for the exact reason, and a sentence for a person.
struct OAuthError {
    /// For example "invalid_grant".
    std::string error;
    /// For example "auth_code_not_found".
    std::string reason;
    std::string description;

    static OAuthError invalidRequest(std::string reason, std::string description) {
        return {"invalid_request", std::move(reason), std::move(description)};
    }
    /// That the parameter is missing.
    static OAuthError missing(const std::string& name) {
        return invalidRequest("missing_" + name, "The parameter " + name + " is missing.");
    }
    /// That a redirect would lead to somewhere else than the application says.
    static OAuthError invalidRedirectUri() {
        return invalidRequest(
            "invalid_redirect_uri",
            "The parameter redirect_uri is not one of the application's authorized redirect "
            "URLs. They are compared as whole texts, with every slash.");
    }
    /// That a parameter is there more than once; see FormData::repeated().
    static OAuthError repeated(const std::string& name) {
        return invalidRequest("unknown", "The parameter " + name + " is there more than once.");
    }
};

}  // namespace changebank::kickstart
