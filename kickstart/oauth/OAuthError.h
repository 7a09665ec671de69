#pragma once

#include <string>

#include "kickstart/oauth/FormData.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// A refusal of an OAuth endpoint as FusionAuth writes it: the code of RFC 6749 or OpenID Connect, a sentence
/// for a person, and FusionAuth's own code for the exact reason.
struct OAuthError {
    /// For example "invalid_grant".
    std::string error;
    /// For example "auth_code_not_found".
    std::string reason;
    std::string description;
    /// What FusionAuth's answers say besides, such as `two_factor_id`.
    security::Json::Object members{};

    /// The body of an answer: `{"error":…,"error_description":…,"error_reason":…}`.
    security::Json toJson() const;
    /// The parameters of a redirect.
    FormData toParameters() const;
};

}  // namespace changebank::kickstart
