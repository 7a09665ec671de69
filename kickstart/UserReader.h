#pragma once

#include <optional>
#include <string>

#include "kickstart/BodyReader.h"
#include "kickstart/Directory.h"
#include "kickstart/User.h"

namespace changebank::kickstart {

/// Reads the member `user` of a request's body. `passwordIterations` is what a password's hash costs; see
/// PasswordHash.
class UserReader {
public:
    UserReader(const BodyReader& body, Errors& errors, int passwordIterations)
        : _body(body), _errors(errors), _passwordIterations(passwordIterations) {}

    /// A new user of that id at `now`, in milliseconds since the epoch, whose password is hashed, which takes
    /// its time; std::nullopt if something is wrong with the body, which is noted.
    std::optional<User> readNew(const Uuid& id, const Uuid& tenantId, std::int64_t now) const;

    /// Takes over what the body says of a user who exists; what it does not say stays. The password, already
    /// hashed by readPassword(), comes along if there is one.
    void readChanges(User& user, const std::optional<PasswordHash>& password, std::int64_t now) const;

    /// The password that the body has, hashed, which takes its time; std::nullopt without one, and for one of
    /// the wrong length, which is noted.
    std::optional<PasswordHash> readPassword() const;

    /// Puts a new user into the state and tells of it. nullptr if the id or a name is taken, which is noted,
    /// or if anything was noted before. `request` is the whole body.
    User* add(User user, const BodyReader& request, DirectoryState& state, std::int64_t now) const;

    /// Leaves the user's email address unverified if the tenant asks for that and the request, by its member
    /// `skipVerification`, does not do without; else it is verified from `now`.
    static void noteVerification(User& user, const BodyReader& request, const DirectoryState& state,
                                 std::int64_t now);

    /// Notes an email address or username that another user has.
    void refuseTakenNames(const User& user, const DirectoryState& state) const;

private:
    void readProfile(User& user) const;
    void readTwoFactorMethods(User& user) const;

    const BodyReader& _body;
    Errors& _errors;
    int _passwordIterations;
};

}  // namespace changebank::kickstart
