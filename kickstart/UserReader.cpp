#include "kickstart/UserReader.h"

#include <Poco/String.h>

#include <algorithm>
#include <array>

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr std::size_t shortestPassword = 8;
constexpr std::size_t longestPassword = 256;

/// The members of a user that are only shown again.
constexpr std::array<const char*, 10> profileNames{
    "birthDate", "data",       "firstName",   "fullName",           "imageUrl",
    "lastName",  "middleName", "mobilePhone", "preferredLanguages", "timezone"};

}  // namespace

std::optional<User> UserReader::readNew(const Uuid& id, const Uuid& tenantId, std::int64_t now) const {
    if (!_body.has("password")) _body.refuse("password", "blank", "is required");
    const auto password = readPassword();
    if (!password) return std::nullopt;
    User user{id, tenantId, "", "", *password};
    readChanges(user, now);
    user.insertInstant = user.passwordLastUpdateInstant = now;
    return _errors.empty() ? std::optional<User>(std::move(user)) : std::nullopt;
}

void UserReader::readChanges(User& user, std::int64_t now) const {
    if (auto email = _body.string("email")) user.email = Poco::toLower(*email);
    if (auto username = _body.string("username")) user.username = std::move(*username);
    if (user.email.empty() && user.username.empty()) {
        _body.refuse("email", "blank", "an email address or a username is required");
    }
    user.profile = *mergedJson(Json(user.profile), _body.members(profileNames)).object();
    user.lastUpdateInstant = now;
}

std::optional<PasswordHash> UserReader::readPassword() const {
    if (!_body.has("password")) return std::nullopt;
    const auto password = _body.requiredString("password");
    if (password.size() > longestPassword) {
        _body.refuse("password", "tooLong", "must have at most 256 characters");
    } else if (!password.empty() && password.size() < shortestPassword) {
        _body.refuse("password", "tooShort", "must have at least 8 characters");
    }
    if (!_errors.empty()) return std::nullopt;
    return PasswordHash(password);
}

User* UserReader::add(User user, DirectoryState& state, std::int64_t now) const {
    if (state.users.contains(user.id)) _errors.addField("userId", "duplicate", "another user has this id");
    refuseTakenNames(user, state);
    if (!_errors.empty()) return nullptr;
    auto& kept = state.users.emplace(user.id, std::move(user)).first->second;
    state.publish({"user.create", kept.tenantId, now, {{"user", kept.toJson()}}});
    return &kept;
}

void UserReader::refuseTakenNames(const User& user, const DirectoryState& state) const {
    const auto isTaken = [&](const std::string& name) {
        const auto* other = name.empty() ? nullptr : state.findUser(user.tenantId, name);
        return other && other->id != user.id;
    };
    if (isTaken(user.email)) _body.refuse("email", "duplicate", "another user has this email address");
    if (isTaken(user.username)) _body.refuse("username", "duplicate", "another user has this username");
}

}  // namespace changebank::kickstart
