#pragma once

#include <chrono>
#include <cstddef>

namespace changebank::kickstart {

/// How many failed logins are let through at the login page. Numbers are above 0.
struct LoginLimits {
    /// With one name; FusionAuth's own default of `rateLimitConfiguration.failedLogin`.
    std::size_t failuresPerName = 5;
    /// From one address, with whatever names.
    std::size_t failuresPerAddress = 50;
    /// How long a failed login counts.
    std::chrono::seconds period{60};
    /// How many names, and how many addresses, are remembered. Beyond it the one is forgotten whose period
    /// ends first.
    std::size_t remembered = 10'000;
};

}  // namespace changebank::kickstart
