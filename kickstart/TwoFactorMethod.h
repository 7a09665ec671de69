#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "security/Json.h"

namespace changebank::kickstart {

/// An authenticator with which a user proves a second factor: time-based one-time passwords (RFC 6238) of six
/// digits, half a minute each, with HMAC-SHA-1, as every authenticator has them.
struct TwoFactorMethod {
    std::string id;
    /// Octets that the authenticator and we share. A secret.
    std::string secret;
    /// The last half minute whose code was taken, counted from the epoch; each is good once.
    std::int64_t lastStep = 0;

    /// The code of the half minute that holds that second since the epoch.
    static std::string codeAt(const std::string& secret, std::int64_t second);

    /// Takes a code of the present half minute, or of the one before or behind it for clocks that differ, and
    /// of none whose turn has passed. `second` is now, since the epoch.
    bool accept(const std::string& code, std::int64_t second);

    /// What answers and events show; never the secret.
    security::Json toJson() const;
};

/// The same of all methods, an array.
security::Json toJson(const std::vector<TwoFactorMethod>& methods);

}  // namespace changebank::kickstart
