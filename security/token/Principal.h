#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace changebank::security {

/// The caller, according to a verified access token. Immutable; shared between the requests with the same
/// token.
struct Principal {
    /// Who the caller is: the claim of TokenPolicy::subjectClaim, by default `sub`, FusionAuth's user id.
    std::string subject;
    /// The strings in the claim `roles`; empty if it is not an array.
    std::vector<std::string> roles;
    /// The claim `tid`: the tenant's id. Empty if the token has none.
    std::string tenant;
    /// The claim `jti`. Empty if the token has none.
    std::string tokenId;
    /// The claims set as the token has it, as one line of JSON without control characters; reformatted if the
    /// token has some.
    std::string claims;

    /// True if the principal has at least one of these roles, compared exactly.
    bool hasAnyOf(const std::vector<std::string>& wanted) const {
        return std::any_of(wanted.begin(), wanted.end(), [this](const std::string& role) {
            return std::find(roles.begin(), roles.end(), role) != roles.end();
        });
    }
};

}  // namespace changebank::security
