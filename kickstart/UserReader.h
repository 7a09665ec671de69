#pragma once

#include <optional>
#include <string>

#include "kickstart/BodyReader.h"
#include "kickstart/Directory.h"
#include "kickstart/User.h"

namespace changebank::kickstart {

/// Reads the member `user` of a request's body.
class UserReader {
public:
    UserReader(const BodyReader& body, Errors& errors) : _body(body), _errors(errors) {}

    /// A new user of that id at `now`, in milliseconds since the epoch; std::nullopt if something is wrong
    /// with the body, which is noted.
    std::optional<User> readNew(const Uuid& id, const Uuid& tenantId, std::int64_t now) const;

    /// Takes over what the body says of a user who exists, but for the password; what it does not say stays.
    void readChanges(User& user, std::int64_t now) const;

    /// The password that the body has, hashed; std::nullopt without one, and for one of the wrong length,
    /// which is noted.
    std::optional<PasswordHash> readPassword() const;

    /// Puts a new user into the state and tells of it. nullptr if the id or a name is taken, which is noted,
    /// or if anything was noted before.
    User* add(User user, DirectoryState& state, std::int64_t now) const;

    /// Notes an email address or username that another user has.
    void refuseTakenNames(const User& user, const DirectoryState& state) const;

private:
    const BodyReader& _body;
    Errors& _errors;
};

}  // namespace changebank::kickstart
