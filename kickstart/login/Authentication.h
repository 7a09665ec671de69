#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/directory/User.h"

namespace changebank::kickstart {

/// What became of a login with a password.
struct Authentication {
    enum class Outcome : unsigned char {
        authenticated,
        /// There is no such user, or the password is wrong, which must look alike.
        unknown,
        /// The password is right, but the user was deactivated.
        locked,
    };

    Outcome outcome = Outcome::unknown;
    /// The user as of now, unless the outcome is `unknown`.
    std::optional<User> user{};
};

/// Checks a user's password, for the Login API and every other way to log in. `loginId` is an email address
/// or a username of the tenant, in any case.
Authentication authenticate(const DirectoryState& state, const Uuid& tenantId, const std::string& loginId,
                            const std::string& password);

/// Notes that a user has logged in at `now`, in milliseconds since the epoch.
void recordLogin(User& user, const std::optional<Uuid>& applicationId, std::int64_t now);

}  // namespace changebank::kickstart
