#pragma once

#include <cstdint>

#include "kickstart/BodyReader.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// How long the short-lived things of a tenant live, in seconds above 0: FusionAuth's
/// `externalIdentifierConfiguration` and `httpSessionMaxInactiveInterval`.
struct TenantLifetimes {
    std::int64_t authorizationCode = 30;
    /// The id with which a password may be changed.
    std::int64_t passwordChange = 600;
    /// The id with which an email address or a registration is verified.
    std::int64_t verification = 86'400;
    /// The id with which a login with two factors is completed.
    std::int64_t twoFactor = 300;
    /// A session of the login page that nobody uses.
    std::int64_t session = 3600;

    /// Takes over what the tenant's object says; what it does not say stays. Notes values that cannot be.
    void readFrom(const BodyReader& tenant);

    /// Both members of the tenant.
    security::Json toJson() const;
};

}  // namespace changebank::kickstart
