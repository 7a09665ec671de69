#pragma once

#include <cstdint>
#include <string>

#include "kickstart/Uuid.h"

namespace changebank::kickstart {

/// What somebody needs who is to verify an email address or a registration. Secrets.
struct Verification {
    Uuid id;
    /// Six digits, for the strategy FormField.
    std::string code;
    /// Milliseconds since the epoch.
    std::int64_t expiry = 0;

    /// A new one at `now`, in milliseconds since the epoch, that lives so many seconds.
    static Verification begin(std::int64_t now, std::int64_t seconds);

    /// Whether that is the id and, where it is asked for, the code.
    bool accepts(const Uuid& givenId, const std::string& givenCode, bool asksForCode, std::int64_t now) const;
};

}  // namespace changebank::kickstart
