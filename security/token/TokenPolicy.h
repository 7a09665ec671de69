#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "changebank/security/jose/Algorithm.h"

namespace changebank::security {

/// Which tokens are accepted, besides being well-formed and signed by a known key. A plain value; immutable
/// while in use.
struct TokenPolicy {
    /// The claim `iss` must equal this text.
    std::string issuer;
    /// The claim `aud`, a string or an array, must contain one of these.
    std::vector<std::string> audiences;
    /// The header parameter `alg` must be one of these.
    AlgorithmSet algorithms{Algorithm::rs256};
    /// Allowed clock skew for `exp`, `nbf` and `iat`; not negative.
    std::chrono::seconds leeway{0};
    /// True: a token without `exp` is refused.
    bool requireExpiration = true;
    /// If not empty, the claim `tid` must equal this text.
    std::string tenant{};
    /// The claim that says who the caller is. It must be a string with more than blanks in it; empty: tokens
    /// need no such claim.
    std::string subjectClaim = "sub";
};

}  // namespace changebank::security
