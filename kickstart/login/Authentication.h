#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/directory/User.h"

namespace changebank::kickstart {

/// The result of a login with a password.
struct Authentication {
    enum class Outcome : unsigned char {
        authenticated,
        /// The user is unknown or the password is wrong; callers must not tell which.
        unknown,
        /// The password is right, but the user is deactivated.
        locked,
    };

    Outcome outcome = Outcome::unknown;
    /// The user, unless the outcome is `unknown`.
    std::optional<User> user{};
};

/// Checks a user's password, for the Login API and every other way to log in. `loginId` is an email address
/// or a username of the tenant, in any case.
Authentication authenticate(const DirectoryState& state, const Uuid& tenantId, const std::string& loginId,
                            const std::string& password);

/// Records a login at `now`, in milliseconds since the epoch, with the user and its registration.
void recordLogin(User& user, const std::optional<Uuid>& applicationId, std::int64_t now);

}  // namespace changebank::kickstart
