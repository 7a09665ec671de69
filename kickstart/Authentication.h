#pragma once

#include <optional>
#include <string>

#include "kickstart/Directory.h"
#include "kickstart/PasswordHash.h"
#include "kickstart/User.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// Checks a user's password, for the Login API and every other way to log in. Too many wrong ones in a row
/// keep the user out for a while, as the tenant's failedAuthenticationConfiguration says. May be called by
/// any number of threads; each call takes the time of one password hash.
class Authentication {
public:
    enum class Outcome : unsigned char {
        authenticated,
        /// There is no such user, or the password is wrong, which must look alike.
        unknown,
        /// The user was deactivated, or entered too many wrong passwords.
        locked,
        /// The same, where a user action of the tenant stands for too many wrong passwords.
        prevented,
        /// The user's account has ended.
        expired,
        /// The password is right, but has to be changed first; the user's changePasswordId is good for that.
        passwordChangeRequired,
        /// The password is right, but a code is asked for as well; the user's pendingLogin is good for that.
        twoFactorRequired,
        /// The code is not.
        wrongCode,
    };

    struct Result {
        Outcome outcome = Outcome::unknown;
        /// The user as of now, unless the outcome is `unknown`.
        std::optional<User> user{};
        /// The user action that stands for `prevented`.
        std::optional<Uuid> actionId{};
    };

    /// `passwordIterations` is what the password of an unknown user costs; see PasswordHash.
    Authentication(Directory& directory, const security::Clock& clock, int passwordIterations);

    /// `loginId` is an email address or a username of the tenant, in any case.
    Result authenticate(const Uuid& tenantId, const std::string& loginId, const std::string& password);

    /// Completes a login that was `twoFactorRequired`; `unknown` if none waits under that id. A wrong code
    /// counts as a wrong password does.
    Result complete(const Uuid& twoFactorId, const std::string& code);

private:
    Result judge(DirectoryState& state, const Uuid& userId, bool matches) const;
    Result judgeCode(DirectoryState& state, User& user, const std::string& code) const;
    void noteFailure(DirectoryState& state, User& user) const;

    Directory& _directory;
    const security::Clock& _clock;
    /// What the password of an unknown user is compared with.
    PasswordHash _nobody;
};

}  // namespace changebank::kickstart
