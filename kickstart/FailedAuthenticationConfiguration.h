#pragma once

#include <cstdint>
#include <optional>

#include "kickstart/BodyReader.h"
#include "kickstart/Uuid.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// FusionAuth's `tenant.failedAuthenticationConfiguration`: after how many wrong passwords a user is kept
/// out, and for how long. FusionAuth does so only with a user action; here it is done without one as well.
struct FailedAuthenticationConfiguration {
    /// Above 0.
    std::int64_t tooManyAttempts = 5;
    /// How long a wrong password counts.
    std::int64_t resetCountInSeconds = 60;
    std::int64_t actionDurationInSeconds = 180;
    /// The action that keeps the user out, for the answer.
    std::optional<Uuid> userActionId;

    /// Takes over what the object says; what it does not say stays. Notes values that cannot be.
    void readFrom(const BodyReader& object);

    security::Json toJson() const;
};

}  // namespace changebank::kickstart
