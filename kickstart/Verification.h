#pragma once

#include <cstdint>
#include <string>

#include "kickstart/Uuid.h"

namespace changebank::kickstart {

struct Tenant;

/// What somebody needs who is to verify an email address or a registration. Secrets.
struct Verification {
    Uuid id;
    /// Six digits, for the strategy FormField.
    std::string code;
    /// Milliseconds since the epoch.
    std::int64_t expiry = 0;
    /// How many wrong codes are yet let through.
    std::int64_t attemptsLeft = 0;

    /// A new one at `now`, in milliseconds since the epoch. The tenant says how long it lives, and how many
    /// wrong codes are too many, as for passwords.
    static Verification begin(const Tenant& tenant, std::int64_t now);

    /// Takes the id and, where it is asked for, the code.
    bool accept(const Uuid& givenId, const std::string& givenCode, bool asksForCode, std::int64_t now);
};

}  // namespace changebank::kickstart
