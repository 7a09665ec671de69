#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace changebank::security {

/// Who is calling, as a verified access token says. Immutable once made; shared between the requests that
/// bring the same token.
struct Principal {
    /// The claim `sub`: FusionAuth's user id. Empty if the token has none.
    std::string subject;
    /// The claim `roles` if it is an array; strings only, other elements are left out. Empty in every other
    /// case.
    std::vector<std::string> roles;
    /// The claim `tid`: the tenant's id. Empty if the token has none.
    std::string tenant;
    /// The claim `jti`. Empty if the token has none.
    std::string tokenId;
    /// The claims set as the token has it, one line of JSON text without control characters: where the token
    /// has some, written anew without them.
    std::string claims;

    /// True if the principal has exactly one of these roles or more of them; case matters.
    bool hasAnyOf(const std::vector<std::string>& wanted) const {
        return std::any_of(wanted.begin(), wanted.end(), [this](const std::string& role) {
            return std::find(roles.begin(), roles.end(), role) != roles.end();
        });
    }
};

}  // namespace changebank::security
