#include "kickstart/UserApi.h"

#include <algorithm>

#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"
#include "kickstart/RefreshTokenRevocation.h"
#include "kickstart/UserReader.h"
#include "kickstart/UserSearch.h"

namespace changebank::kickstart {

using security::Json;

namespace {

ApiAnswer answerWith(const User& user) {
    return ApiAnswer::ok(Json(Json::Object{{"user", user.toJson()}}));
}

void publish(DirectoryState& state, const char* type, const User& user, std::int64_t now) {
    state.publish({type, user.tenantId, now, {{"user", user.toJson()}}});
}

/// What a user keeps of whom everything else is replaced.
User bare(const User& user) {
    User kept = user;
    kept.email.clear();
    kept.username.clear();
    kept.profile.clear();
    kept.expiry.reset();
    kept.passwordChangeRequired = false;
    return kept;
}

void setPassword(DirectoryState& state, User& user, const PasswordHash& password, std::int64_t now) {
    user.password = password;
    user.passwordLastUpdateInstant = user.lastUpdateInstant = now;
    user.passwordChangeRequired = false;
    user.changePasswordId.reset();
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
    const auto looking = [this](const ApiCall& call) { return search(call); };
    router.add("GET", "/api/user/search", Access::apiKey, looking);
    router.add("POST", "/api/user/search", Access::apiKey, looking);
    router.add("PATCH", "/api/user/{userId}", Access::apiKey,
               [this](const ApiCall& call) { return change(call); });
    router.add("PUT", "/api/user/{userId}", Access::apiKey, [this](const ApiCall& call) {
        return call.request.parameter("reactivate") == "true" ? reactivate(call) : change(call);
    });
    router.add("DELETE", "/api/user/{userId}", Access::apiKey,
               [this](const ApiCall& call) { return remove(call); });
    router.add("POST", "/api/user/change-password", Access::apiKey,
               [this](const ApiCall& call) { return changePasswordByLogin(call); });
    router.add("POST", "/api/user/change-password/{changePasswordId}", Access::open,
               [this](const ApiCall& call) { return changePasswordById(call); });
}

ApiAnswer UserApi::create(const ApiCall& call) {
    Errors errors;
    const BodyReader request(call.body, "", errors);
    const auto body = request.object("user");
    const UserReader reader(body, errors, _passwordIterations);
    const auto tenantId =
        _directory.read([&](const DirectoryState& state) { return call.requireTenant(state, errors); });
    if (!tenantId) return ApiAnswer::refused(errors);
    const auto now = instantOf(_clock);
    const auto user = reader.readNew(call.id ? *call.id : Uuid::random(), *tenantId, now);
    if (!user) return ApiAnswer::refused(errors);
    return _directory.change([&](DirectoryState& state) {
        const auto* kept = reader.add(*user, request, state, now);
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

ApiAnswer UserApi::search(const ApiCall& call) const {
    Errors errors;
    const auto search = UserSearch::read(call, errors);
    if (!errors.empty()) return ApiAnswer::refused(errors);
    return _directory.read(
        [&](const DirectoryState& state) { return ApiAnswer::ok(search.find(call, state)); });
}

ApiAnswer UserApi::change(const ApiCall& call) {
    Errors errors;
    const BodyReader request(call.body, "", errors);
    const auto body = request.object("user");
    const UserReader reader(body, errors, _passwordIterations);
    const auto password = reader.readPassword();
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        auto* found = call.find(state.users, *call.id);
        if (!found) return ApiAnswer::empty(404);
        const User original = *found;
        User user = call.request.method == "PUT" ? bare(original) : original;
        reader.readChanges(user, std::nullopt, now);
        reader.refuseTakenNames(user, state);
        const bool hasNewAddress = user.email != original.email;
        if (hasNewAddress) UserReader::noteVerification(user, request, state, now);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        *found = user;
        if (password) setPassword(state, *found, *password, now);
        const auto shown = found->toJson();
        if (hasNewAddress) {
            state.publish({"user.email.update",
                           user.tenantId,
                           now,
                           {{"previousEmail", jsonText(original.email)}, {"user", shown}}});
        }
        state.publish(
            {"user.update", user.tenantId, now, {{"original", original.toJson()}, {"user", shown}}});
        return answerWith(*found);
    });
}

ApiAnswer UserApi::reactivate(const ApiCall& call) {
    return _directory.change([&](DirectoryState& state) {
        auto* user = call.find(state.users, *call.id);
        if (!user) return ApiAnswer::empty(404);
        user->active = true;
        user->lockedUntil = 0;
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

    const auto tenantId =
        _directory.read([&](const DirectoryState& state) { return call.requireTenant(state, errors); });
    if (!tenantId) return ApiAnswer::refused(errors);
    const auto result = _authentication.authenticate(*tenantId, loginId, current);
    if (result.outcome == Authentication::Outcome::twoFactorRequired) {
        errors.addGeneral("[TrustTokenRequired]",
                          "the user has a second factor; PATCH /api/user/{userId} sets a password here");
        return ApiAnswer::refused(errors);
    }
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
