#pragma once

#include <cstddef>

#include "kickstart/Limits.h"
#include "kickstart/PasswordHash.h"
#include "kickstart/oauth/LoginLimits.h"

namespace changebank::kickstart {

/// What an identity provider does not take from its state.
struct ProviderSettings {
    /// What the hash of a new password costs; tests make it cheap.
    int passwordIterations = PasswordHash::defaultIterations;
    /// How large a JSON body may be.
    security::JsonLimits bodies = bodyLimits;
    LoginLimits logins{};
    /// How many authorization codes are remembered; beyond it the oldest is forgotten.
    std::size_t authorizationCodes = 10'000;
};

}  // namespace changebank::kickstart
