#include <algorithm>

#include "changebank/kickstart/api/Apis.h"

namespace changebank::kickstart {

namespace {

ApiResponse respondWith(const OAuthScope& scope) {
    return ApiResponse::ok(jsonObject({{"scope", scope.toJson()}}));
}

/// The application's scope that the path names; its end without one.
auto findScope(Application& application, const ApiCall& call) {
    return std::find_if(application.scopes.begin(), application.scopes.end(),
                        [&](const OAuthScope& scope) { return scope.id == *call.secondId; });
}

/// Whether a scope of any application has this id.
bool isTaken(const DirectoryState& state, const Uuid& id) {
    return std::any_of(state.applications.begin(), state.applications.end(), [&](const auto& entry) {
        const auto& scopes = entry.second.scopes;
        return std::any_of(scopes.begin(), scopes.end(),
                           [&](const OAuthScope& scope) { return scope.id == id; });
    });
}

ApiResponse createScope(ApiCall& call) {
    auto* application = call.find(call.state.applications, *call.id);
    if (!application) return ApiResponse::empty(404);
    OAuthScope scope{call.secondId ? *call.secondId : Uuid::random(), application->id};
    if (isTaken(call.state, scope.id))
        call.errors.addField("scopeId", "duplicate", "another scope has this id");
    const auto sent = call.reader().object("scope");
    scope.readFrom(sent);
    if (call.errors.empty() && application->knowsScope(scope.name))
        sent.addError("name", "duplicate", "another scope of the application has this name");
    if (!call.errors.empty()) return call.badRequest();
    scope.insertInstant = scope.lastUpdateInstant = call.now;
    return respondWith(application->scopes.emplace_back(std::move(scope)));
}

ApiResponse showScope(ApiCall& call) {
    auto* application = call.find(call.state.applications, *call.id);
    if (!application) return ApiResponse::empty(404);
    const auto scope = findScope(*application, call);
    return scope == application->scopes.end() ? ApiResponse::empty(404) : respondWith(*scope);
}

ApiResponse changeScope(ApiCall& call) {
    auto* application = call.find(call.state.applications, *call.id);
    if (!application) return ApiResponse::empty(404);
    const auto found = findScope(*application, call);
    if (found == application->scopes.end()) return ApiResponse::empty(404);
    auto scope = *found;
    scope.readFrom(call.reader().object("scope"));
    if (!call.errors.empty()) return call.badRequest();
    scope.lastUpdateInstant = call.now;
    *found = std::move(scope);
    return respondWith(*found);
}

ApiResponse removeScope(ApiCall& call) {
    auto* application = call.find(call.state.applications, *call.id);
    if (!application) return ApiResponse::empty(404);
    const auto scope = findScope(*application, call);
    if (scope == application->scopes.end()) return ApiResponse::empty(404);
    application->scopes.erase(scope);
    return ApiResponse::empty(200);
}

}  // namespace

void addScopeApi(ApiRouter& router) {
    constexpr const char* path = "/api/application/{applicationId}/scope/{scopeId}";
    router.add({{"POST", "/api/application/{applicationId}/scope", Access::apiKey, createScope},
                {"POST", path, Access::apiKey, createScope},
                {"GET", path, Access::apiKey, showScope},
                {"PATCH", path, Access::apiKey, changeScope},
                {"DELETE", path, Access::apiKey, removeScope}});
}

}  // namespace changebank::kickstart
