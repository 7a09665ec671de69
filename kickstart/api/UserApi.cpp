#include <Poco/String.h>

#include <array>

#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/tokens/RefreshTokenRevocation.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

constexpr std::size_t shortestPassword = 8;
constexpr std::size_t maxPasswordLength = 256;

/// The members of a user that are stored without an effect.
constexpr std::array<const char*, 10> profileNames{
    "birthDate", "data",       "firstName",   "fullName",           "imageUrl",
    "lastName",  "middleName", "mobilePhone", "preferredLanguages", "timezone"};

void requireFreeName(const ApiCall& call, const User& user, const BodyReader& body, const char* member,
                     const std::string& name) {
    const auto* other = name.empty() ? nullptr : call.state.findUser(user.tenantId, name);
    if (other && other->id != user.id) body.addError(member, "duplicate", "another user has this name");
}

/// Updates a user from the body's member `user`; absent members keep their values. Adds an error for each
/// invalid value, including a name that another user has. Returns whether the body has a password.
bool readUser(ApiCall& call, User& user) {
    const auto body = call.reader().object("user");
    if (auto email = body.string("email")) user.email = Poco::toLower(*email);
    if (auto username = body.string("username")) user.username = std::move(*username);
    if (user.email.empty() && user.username.empty()) {
        body.addError("email", "blank", "an email address or a username is required");
    }
    requireFreeName(call, user, body, "email", user.email);
    requireFreeName(call, user, body, "username", user.username);
    for (const auto* name : profileNames) {
        if (body.has(name)) user.profile.insert_or_assign(name, *body.json().find(name));
    }
    user.lastUpdateInstant = call.now;
    if (!body.has("password")) return false;
    const auto password = body.requiredString("password");
    if (password.size() > maxPasswordLength) {
        body.addError("password", "tooLong", "must have at most 256 characters");
    } else if (!password.empty() && password.size() < shortestPassword) {
        body.addError("password", "tooShort", "must have at least 8 characters");
    }
    user.password = PasswordHash(password);
    user.passwordLastUpdateInstant = call.now;
    return true;
}

ApiResponse respondWith(const User& user) {
    return ApiResponse::ok(jsonObject({{"user", user.toJson()}}));
}

void publish(DirectoryState& state, const char* type, const User& user, std::int64_t now) {
    state.publish({type, user.tenantId, now, jsonObject({{"user", user.toJson()}})});
}

ApiResponse createUser(ApiCall& call) {
    const auto tenantId = call.requireTenant();
    if (!tenantId) return call.badRequest();
    const auto* user = addUser(call, call.newId(), *tenantId);
    return user ? respondWith(*user) : call.badRequest();
}

ApiResponse showUser(ApiCall& call) {
    const auto* user = call.find(call.state.users, *call.id);
    return user ? respondWith(*user) : ApiResponse::empty(404);
}

ApiResponse changeUser(ApiCall& call) {
    auto* found = call.find(call.state.users, *call.id);
    if (!found) return ApiResponse::empty(404);
    User user = *found;
    const bool hasNewPassword = readUser(call, user);
    if (!call.errors.empty()) return call.badRequest();
    std::swap(*found, user);
    if (hasNewPassword) {
        if (call.state.tenants.at(found->tenantId).jwt.revokesOnPasswordChanged) {
            revokeRefreshTokens(call.state, {.userId = found->id}, call.now);
        }
        publish(call.state, "user.password.update", *found, call.now);
    }
    call.state.publish({"user.update", found->tenantId, call.now,
                        jsonObject({{"original", user.toJson()}, {"user", found->toJson()}})});
    return respondWith(*found);
}

ApiResponse reactivateUser(ApiCall& call) {
    if (call.request.parameter("reactivate") != "true") {
        call.errors.addField("reactivate", "invalid", "must be true; PATCH changes a user");
        return call.badRequest();
    }
    auto* user = call.find(call.state.users, *call.id);
    if (!user) return ApiResponse::empty(404);
    user->active = true;
    publish(call.state, "user.reactivate", *user, call.now);
    return respondWith(*user);
}

ApiResponse removeUser(ApiCall& call) {
    auto* user = call.find(call.state.users, *call.id);
    if (!user) return ApiResponse::empty(404);
    revokeRefreshTokens(call.state, {.userId = user->id}, call.now);
    if (call.request.parameter("hardDelete") == "true") {
        publish(call.state, "user.delete", *user, call.now);
        call.state.users.erase(*call.id);
    } else {
        user->active = false;
        publish(call.state, "user.deactivate", *user, call.now);
    }
    return ApiResponse::empty(200);
}

}  // namespace

User* addUser(ApiCall& call, const Uuid& id, const Uuid& tenantId) {
    User user{id, tenantId, "", "", PasswordHash("")};
    user.insertInstant = call.now;
    if (!readUser(call, user)) call.reader().object("user").requiredString("password");
    if (call.state.users.contains(id)) {
        call.errors.addField("userId", "duplicate", "another user has this id");
    }
    if (!call.errors.empty()) return nullptr;
    auto& kept = call.state.users.emplace(id, std::move(user)).first->second;
    call.state.publish({"user.create", tenantId, call.now, jsonObject({{"user", kept.toJson()}})});
    return &kept;
}

void addUserApi(ApiRouter& router) {
    router.add({{"POST", "/api/user", Access::apiKey, createUser},
                {"POST", "/api/user/{userId}", Access::apiKey, createUser},
                {"GET", "/api/user/{userId}", Access::apiKey, showUser},
                {"PATCH", "/api/user/{userId}", Access::apiKey, changeUser},
                {"PUT", "/api/user/{userId}", Access::apiKey, reactivateUser},
                {"DELETE", "/api/user/{userId}", Access::apiKey, removeUser}});
}

}  // namespace changebank::kickstart
