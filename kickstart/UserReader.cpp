#include "kickstart/UserReader.h"

#include <Poco/String.h>

#include <array>

namespace changebank::kickstart {

namespace {

constexpr std::size_t shortestPassword = 8;
constexpr std::size_t longestPassword = 256;

/// The members of a user that are only shown again.
constexpr std::array<const char*, 10> profileNames{
    "birthDate", "data",       "firstName",   "fullName",           "imageUrl",
    "lastName",  "middleName", "mobilePhone", "preferredLanguages", "timezone"};

void refuseTakenName(const ApiCall& call, const User& user, const BodyReader& body, const char* member,
                     const std::string& name) {
    const auto* other = name.empty() ? nullptr : call.state.findUser(user.tenantId, name);
    if (other && other->id != user.id) body.refuse(member, "duplicate", "another user has this name");
}

}  // namespace

bool readUser(ApiCall& call, User& user) {
    const auto body = call.reader().object("user");
    if (auto email = body.string("email")) user.email = Poco::toLower(*email);
    if (auto username = body.string("username")) user.username = std::move(*username);
    if (user.email.empty() && user.username.empty()) {
        body.refuse("email", "blank", "an email address or a username is required");
    }
    refuseTakenName(call, user, body, "email", user.email);
    refuseTakenName(call, user, body, "username", user.username);
    for (const auto* name : profileNames) {
        if (body.has(name)) user.profile.insert_or_assign(name, *body.json().find(name));
    }
    user.lastUpdateInstant = call.now;
    if (!body.has("password")) return false;
    const auto password = body.requiredString("password");
    if (password.size() > longestPassword) {
        body.refuse("password", "tooLong", "must have at most 256 characters");
    } else if (!password.empty() && password.size() < shortestPassword) {
        body.refuse("password", "tooShort", "must have at least 8 characters");
    }
    user.password = PasswordHash(password);
    user.passwordLastUpdateInstant = call.now;
    return true;
}

User* addUser(ApiCall& call, const Uuid& id, const Uuid& tenantId) {
    User user{id, tenantId, "", "", PasswordHash("")};
    user.insertInstant = call.now;
    if (!readUser(call, user)) call.reader().object("user").requiredString("password");
    if (call.state.users.contains(id)) {
        call.errors.addField("userId", "duplicate", "another user has this id");
    }
    if (!call.errors.empty()) return nullptr;
    auto& kept = call.state.users.emplace(id, std::move(user)).first->second;
    call.state.publish({"user.create", tenantId, call.now, {{"user", kept.toJson()}}});
    return &kept;
}

}  // namespace changebank::kickstart
