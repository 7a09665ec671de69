#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/security/token/Confirmation.h"

namespace changebank::security {

/// The caller, according to a verified access token. Immutable; shared between the requests with the same
/// token.
struct Principal {
    /// Who the caller is: the claim of ClaimPaths::subject, by default `sub`, FusionAuth's user id. Unique
    /// among the callers of one issuer.
    std::string subject;
    /// The roles by ClaimPaths::roles and roleMap. With TokenProfile::fusionAuth the claim `roles` counts
    /// only if it is an array.
    std::vector<std::string> roles;
    /// The claim `tid`: the tenant's id. Empty if the token has none.
    std::string tenant;
    /// The claim `jti`. Empty if the token has none.
    std::string tokenId;
    /// The claims set as the token has it, as one line of JSON without control characters; reformatted if the
    /// token has some.
    std::string claims;
    /// The claim `iss`.
    std::string issuer{};
    /// The names in the claim of ClaimPaths::scopes, by default `scope` (RFC 8693 section 4.2).
    std::vector<std::string> scopes{};
    /// The names in the claim of ClaimPaths::permissions.
    std::vector<std::string> permissions{};
    /// When the caller last authenticated actively, in seconds since 1970: the claim `auth_time` (OpenID
    /// Connect Core section 2), if it is a number.
    std::optional<double> authenticatedAt{};
    /// How: the claim `acr`. Empty if the token has none.
    std::string authenticationClass{};
    /// Until when the token is accepted, in seconds since 1970: the claim `exp`, and the clock skew that the
    /// issuer's policy allows. std::nullopt if the token does not expire.
    std::optional<double> acceptedUntil{};
    /// What the sender must prove besides having the token: the claim `cnf`.
    Confirmation confirmation{};

    /// True if the principal has at least one of these roles, compared exactly.
    bool hasAnyOf(const std::vector<std::string>& wanted) const {
        return std::any_of(wanted.begin(), wanted.end(), [this](const std::string& role) {
            return std::find(roles.begin(), roles.end(), role) != roles.end();
        });
    }
};

}  // namespace changebank::security
