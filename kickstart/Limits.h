#pragma once

#include <chrono>
#include <cstddef>

#include "security/Json.h"

namespace changebank::kickstart {

/// How large a request body may be: 1 MiB, 32 levels, 65,536 values. A larger one gets 413 over HTTP.
inline constexpr security::JsonLimits bodyLimits{1'048'576, 32, 65'536};

/// How large a kickstart file, or a file that it includes, may be: 16 MiB, 32 levels, 1,048,576 values.
inline constexpr security::JsonLimits kickstartLimits{16'777'216, 32, 1'048'576};

/// How many authorization codes are remembered; beyond it the oldest is forgotten.
inline constexpr std::size_t rememberedCodes = 10'000;

/// How long an authorization code is good.
inline constexpr std::chrono::seconds codeLifetime{30};

/// How long a session of the login page lives without use.
inline constexpr std::chrono::minutes sessionLifetime{60};

/// How many events may wait for their webhooks, and how often each is tried in all, as often as by
/// FusionAuth.
inline constexpr std::size_t waitingEvents = 1000;
inline constexpr unsigned webhookAttempts = 4;

}  // namespace changebank::kickstart
