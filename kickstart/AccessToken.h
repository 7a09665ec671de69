#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kickstart/SigningKey.h"

namespace changebank::kickstart {

/// The claims of an access token that a login yields, as FusionAuth has written them since version 1.60.
struct AccessToken {
    std::string issuer;
    /// The user's id.
    std::string subject;
    std::string tenantId;
    /// The claim `aud`; none for a login without an application.
    std::optional<std::string> audience;
    /// What only a registered user gets: the claims `applicationId` and `roles`.
    std::optional<std::vector<std::string>> roles;
    std::string email;
    std::string username;
    std::string jti;
    /// Seconds since the epoch; whole numbers in the token as well.
    std::int64_t issuedAt = 0;
    std::int64_t expiresAt = 0;

    /// The token as a compact JWS.
    std::string signedWith(const SigningKey& key) const;
};

}  // namespace changebank::kickstart
