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

void revokeAll(DirectoryState& state, const User& user, std::int64_t now) {
    RefreshTokenSelection selection;
    selection.userId = user.id;
    revokeRefreshTokens(state, selection, now);
}

void setPassword(DirectoryState& state, User& user, const PasswordHash& password, std::int64_t now) {
    user.password = password;
    user.passwordLastUpdateInstant = user.lastUpdateInstant = now;
    user.passwordChangeRequired = false;
    user.changePasswordId.reset();
    if (state.tenants.at(user.tenantId).jwt.revokesOnPasswordChanged) revokeAll(state, user, now);
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
               [this](const ApiCall& call) { return patch(call); });
    router.add("PUT", "/api/user/{userId}", Access::apiKey,
               [this](const ApiCall& call) { return reactivate(call); });
    router.add("DELETE", "/api/user/{userId}", Access::apiKey,
               [this](const ApiCall& call) { return remove(call); });
    router.add("POST", "/api/user/change-password", Access::apiKey,
               [this](const ApiCall& call) { return changePasswordByLogin(call); });
    router.add("POST", "/api/user/change-password/{changePasswordId}", Access::open,
               [this](const ApiCall& call) { return changePasswordById(call); });
}

ApiAnswer UserApi::create(const ApiCall& call) {
    Errors errors;
    const auto body = BodyReader(call.body, "", errors).object("user");
    const UserReader reader(body, errors, _passwordIterations);
    const auto tenantId = _directory.read([](const DirectoryState& state) { return state.defaultTenantId; });
    const auto now = instantOf(_clock);
    auto user = reader.readNew(call.id ? *call.id : Uuid::random(), tenantId, now);
    if (!user) return ApiAnswer::refused(errors);
    return _directory.change([&](DirectoryState& state) {
        if (state.users.contains(user->id))
            errors.addField("userId", "duplicate", "another user has this id");
        reader.refuseTakenNames(*user, state);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        const auto& kept = state.users.emplace(user->id, *user).first->second;
        publish(state, "user.create", kept, now);
        return answerWith(kept);
    });
}

ApiAnswer UserApi::retrieve(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        const auto found = state.users.find(*call.id);
        return found == state.users.end() ? ApiAnswer::empty(404) : answerWith(found->second);
    });
}

ApiAnswer UserApi::retrieveByName(const ApiCall& call) const {
    for (const char* name : {"loginId", "email", "username"}) {
        const auto value = call.request.parameter(name);
        if (!value) continue;
        return _directory.read([&](const DirectoryState& state) {
            const auto* found = state.findUser(*value);
            return found ? answerWith(*found) : ApiAnswer::empty(404);
        });
    }
    Errors errors;
    errors.addGeneral("[missing]loginId", "say who: userId in the path, loginId, email or username");
    return ApiAnswer::refused(errors);
}

ApiAnswer UserApi::patch(const ApiCall& call) {
    Errors errors;
    const auto body = BodyReader(call.body, "", errors).object("user");
    const UserReader reader(body, errors, _passwordIterations);
    const auto password = reader.readPassword();
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        const auto found = state.users.find(*call.id);
        if (found == state.users.end()) return ApiAnswer::empty(404);
        User user = found->second;
        reader.readChanges(user, std::nullopt, now);
        reader.refuseTakenNames(user, state);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        found->second = user;
        if (password) setPassword(state, found->second, *password, now);
        publish(state, "user.update", found->second, now);
        return answerWith(found->second);
    });
}

ApiAnswer UserApi::reactivate(const ApiCall& call) {
    if (call.request.parameter("reactivate") != "true") {
        Errors errors;
        errors.addGeneral("[unsupported]PUT", "only reactivate=true is offered here; PATCH changes a user");
        return ApiAnswer::refused(errors);
    }
    return _directory.change([&](DirectoryState& state) {
        const auto found = state.users.find(*call.id);
        if (found == state.users.end()) return ApiAnswer::empty(404);
        found->second.active = true;
        found->second.lockedUntil = 0;
        publish(state, "user.reactivate", found->second, instantOf(_clock));
        return answerWith(found->second);
    });
}

ApiAnswer UserApi::remove(const ApiCall& call) {
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        const auto found = state.users.find(*call.id);
        if (found == state.users.end()) return ApiAnswer::empty(404);
        auto& user = found->second;
        revokeAll(state, user, now);
        if (call.request.parameter("hardDelete") == "true") {
            publish(state, "user.delete", user, now);
            state.users.erase(found);
        } else {
            user.active = false;
            publish(state, "user.deactivate", user, now);
        }
        return ApiAnswer::empty(200);
    });
}

ApiAnswer UserApi::changePasswordById(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    if (!body.has("password")) body.refuse("password", "blank", "is required");
    const auto password = UserReader(body, errors, _passwordIterations).readPassword();
    if (!password) return ApiAnswer::refused(errors);
    return _directory.change([&](DirectoryState& state) {
        const auto now = instantOf(_clock);
        const auto found = std::find_if(state.users.begin(), state.users.end(), [&](const auto& entry) {
            return entry.second.changePasswordId == call.id && now < entry.second.changePasswordExpiry;
        });
        if (found == state.users.end()) return ApiAnswer::empty(404);
        setPassword(state, found->second, *password, now);
        return ApiAnswer::ok(Json(Json::Object{}));
    });
}

ApiAnswer UserApi::changePasswordByLogin(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    const auto loginId = body.requiredString("loginId");
    const auto current = body.requiredString("currentPassword");
    if (!body.has("password")) body.refuse("password", "blank", "is required");
    const auto password = UserReader(body, errors, _passwordIterations).readPassword();
    if (!password) return ApiAnswer::refused(errors);

    const auto result = _authentication.authenticate(loginId, current);
    if (result.outcome != Authentication::Outcome::authenticated &&
        result.outcome != Authentication::Outcome::passwordChangeRequired) {
        return ApiAnswer::empty(404);
    }
    return _directory.change([&](DirectoryState& state) {
        const auto found = state.users.find(result.user->id);
        if (found == state.users.end()) return ApiAnswer::empty(404);
        setPassword(state, found->second, *password, instantOf(_clock));
        return ApiAnswer::ok(Json(Json::Object{}));
    });
}

}  // namespace changebank::kickstart
