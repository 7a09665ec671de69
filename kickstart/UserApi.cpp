#include "kickstart/Apis.h"
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

ApiAnswer createUser(ApiCall& call) {
    const auto tenantId = call.requireTenant();
    if (!tenantId) return call.refused();
    const auto* user = addUser(call, call.newId(), *tenantId);
    return user ? answerWith(*user) : call.refused();
}

ApiAnswer showUser(ApiCall& call) {
    const auto* user = call.find(call.state.users, *call.id);
    return user ? answerWith(*user) : ApiAnswer::empty(404);
}

ApiAnswer changeUser(ApiCall& call) {
    auto* found = call.find(call.state.users, *call.id);
    if (!found) return ApiAnswer::empty(404);
    User user = *found;
    const bool hasNewPassword = readUser(call, user);
    if (!call.errors.empty()) return call.refused();
    std::swap(*found, user);
    if (hasNewPassword) {
        if (call.state.tenants.at(found->tenantId).jwt.revokesOnPasswordChanged) {
            revokeRefreshTokens(call.state, {.userId = found->id}, call.now);
        }
        publish(call.state, "user.password.update", *found, call.now);
    }
    call.state.publish(
        {"user.update", found->tenantId, call.now, {{"original", user.toJson()}, {"user", found->toJson()}}});
    return answerWith(*found);
}

ApiAnswer reactivateUser(ApiCall& call) {
    if (call.request.parameter("reactivate") != "true") {
        call.errors.addField("reactivate", "invalid", "must be true; PATCH changes a user");
        return call.refused();
    }
    auto* user = call.find(call.state.users, *call.id);
    if (!user) return ApiAnswer::empty(404);
    user->active = true;
    publish(call.state, "user.reactivate", *user, call.now);
    return answerWith(*user);
}

ApiAnswer removeUser(ApiCall& call) {
    auto* user = call.find(call.state.users, *call.id);
    if (!user) return ApiAnswer::empty(404);
    revokeRefreshTokens(call.state, {.userId = user->id}, call.now);
    if (call.request.parameter("hardDelete") == "true") {
        publish(call.state, "user.delete", *user, call.now);
        call.state.users.erase(*call.id);
    } else {
        user->active = false;
        publish(call.state, "user.deactivate", *user, call.now);
    }
    return ApiAnswer::empty(200);
}

}  // namespace

void addUserApi(ApiRouter& router) {
    router.add({{"POST", "/api/user", Access::apiKey, createUser},
                {"POST", "/api/user/{userId}", Access::apiKey, createUser},
                {"GET", "/api/user/{userId}", Access::apiKey, showUser},
                {"PATCH", "/api/user/{userId}", Access::apiKey, changeUser},
                {"PUT", "/api/user/{userId}", Access::apiKey, reactivateUser},
                {"DELETE", "/api/user/{userId}", Access::apiKey, removeUser}});
}

}  // namespace changebank::kickstart
