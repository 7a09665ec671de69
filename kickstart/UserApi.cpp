#include "kickstart/UserApi.h"

#include <algorithm>

#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"
#include "kickstart/RefreshTokenRevocation.h"
#include "kickstart/UserReader.h"

namespace changebank::kickstart {

using security::Json;

namespace {

ApiAnswer answerWith(const User& user) {
    return ApiAnswer::ok(Json(Json::Object{{"user", user.toJson()}}));
}

void publish(DirectoryState& state, const char* type, const User& user, std::int64_t now) {
    state.publish({type, user.tenantId, now, {{"user", user.toJson()}}});
}

void setPassword(DirectoryState& state, User& user, const PasswordHash& password, std::int64_t now) {
    user.password = password;
    user.passwordLastUpdateInstant = user.lastUpdateInstant = now;
    if (state.tenants.at(user.tenantId).jwt.revokesOnPasswordChanged)
        revokeRefreshTokens(state, {.userId = user.id}, now);
    publish(state, "user.password.update", user, now);
}

}  // namespace

void UserApi::addTo(ApiRouter& router) {
    const auto creation = [this](const ApiCall& call) { return create(call); };
    router.add("POST", "/api/user", Access::apiKey, creation);
    router.add("POST", "/api/user/{userId}", Access::apiKey, creation);
    router.add("GET", "/api/user", Access::apiKey,
               [this](const ApiCall& call) { return retrieveByName(call); });
    router.add("GET", "/api/user/{userId}", Access::apiKey,
               [this](const ApiCall& call) { return retrieve(call); });
    router.add("PATCH", "/api/user/{userId}", Access::apiKey,
               [this](const ApiCall& call) { return change(call); });
    router.add("PUT", "/api/user/{userId}", Access::apiKey,
               [this](const ApiCall& call) { return reactivate(call); });
    router.add("DELETE", "/api/user/{userId}", Access::apiKey,
               [this](const ApiCall& call) { return remove(call); });
}

ApiAnswer UserApi::create(const ApiCall& call) {
    Errors errors;
    const auto body = BodyReader(call.body, "", errors).object("user");
    const UserReader reader(body, errors);
    const auto tenantId =
        _directory.read([&](const DirectoryState& state) { return call.requireTenant(state, errors); });
    if (!tenantId) return ApiAnswer::refused(errors);
    const auto now = instantOf(_clock);
    const auto user = reader.readNew(call.id ? *call.id : Uuid::random(), *tenantId, now);
    if (!user) return ApiAnswer::refused(errors);
    return _directory.change([&](DirectoryState& state) {
        const auto* kept = reader.add(*user, state, now);
        return kept ? answerWith(*kept) : ApiAnswer::refused(errors);
    });
}

ApiAnswer UserApi::retrieve(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        const auto* user = call.find(state.users, *call.id);
        return user ? answerWith(*user) : ApiAnswer::empty(404);
    });
}

ApiAnswer UserApi::retrieveByName(const ApiCall& call) const {
    for (const char* name : {"loginId", "email", "username"}) {
        const auto value = call.request.parameter(name);
        if (!value) continue;
        return _directory.read([&](const DirectoryState& state) {
            Errors errors;
            const auto tenantId = call.requireTenant(state, errors);
            if (!tenantId) return ApiAnswer::refused(errors);
            const auto* found = state.findUser(*tenantId, *value);
            return found ? answerWith(*found) : ApiAnswer::empty(404);
        });
    }
    Errors errors;
    errors.addGeneral("[missing]loginId", "say who: userId in the path, loginId, email or username");
    return ApiAnswer::refused(errors);
}

ApiAnswer UserApi::change(const ApiCall& call) {
    Errors errors;
    const auto body = BodyReader(call.body, "", errors).object("user");
    const UserReader reader(body, errors);
    const auto password = reader.readPassword();
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        auto* found = call.find(state.users, *call.id);
        if (!found) return ApiAnswer::empty(404);
        const User original = *found;
        User user = original;
        reader.readChanges(user, now);
        reader.refuseTakenNames(user, state);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        *found = user;
        if (password) setPassword(state, *found, *password, now);
        state.publish({"user.update",
                       user.tenantId,
                       now,
                       {{"original", original.toJson()}, {"user", found->toJson()}}});
        return answerWith(*found);
    });
}

ApiAnswer UserApi::reactivate(const ApiCall& call) {
    if (call.request.parameter("reactivate") != "true") {
        Errors errors;
        errors.addField("reactivate", "invalid", "must be true; PATCH changes a user");
        return ApiAnswer::refused(errors);
    }
    return _directory.change([&](DirectoryState& state) {
        auto* user = call.find(state.users, *call.id);
        if (!user) return ApiAnswer::empty(404);
        user->active = true;
        publish(state, "user.reactivate", *user, instantOf(_clock));
        return answerWith(*user);
    });
}

ApiAnswer UserApi::remove(const ApiCall& call) {
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        auto* user = call.find(state.users, *call.id);
        if (!user) return ApiAnswer::empty(404);
        revokeRefreshTokens(state, {.userId = user->id}, now);
        if (call.request.parameter("hardDelete") == "true") {
            publish(state, "user.delete", *user, now);
            state.users.erase(*call.id);
        } else {
            user->active = false;
            publish(state, "user.deactivate", *user, now);
        }
        return ApiAnswer::empty(200);
    });
}

}  // namespace changebank::kickstart
