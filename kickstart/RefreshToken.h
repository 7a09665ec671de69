#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kickstart/Uuid.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// A refresh token as it is kept: what it is good for and until when, and only a digest of its text. One
/// without an application is a single sign-on session, as in FusionAuth. Instants are milliseconds since the
/// epoch.
struct RefreshToken {
    /// Stays the same when a one-time token is replaced. It is the claim `sid` of the access tokens that the
    /// token yields; of a session it is the claim `sid` of the id tokens.
    Uuid id;
    Uuid tenantId;
    Uuid userId;
    std::optional<Uuid> applicationId;
    /// SHA-256 of the token's text.
    std::string digest{};
    /// The digests of the texts that one-time use has replaced.
    std::set<std::string> usedDigests{};
    std::int64_t insertInstant = 0;
    /// From when its life is counted.
    std::int64_t startInstant = 0;
    std::int64_t expirationInstant = 0;
    /// When and how the user logged in: the claims `auth_time` and `authenticationType`.
    std::int64_t authenticationInstant = 0;
    std::string authenticationType = "PASSWORD";
    /// The claims `gty` and `scope` of the access token that came with it; empty for the Login API.
    std::vector<std::string> grants{};
    std::string scope{};

    bool isExpiredAt(std::int64_t instant) const noexcept { return instant >= expirationInstant; }

    /// The object that FusionAuth's answers show; never the token.
    security::Json toJson() const;
};

}  // namespace changebank::kickstart
