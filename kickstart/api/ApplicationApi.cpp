#include <algorithm>

#include "changebank/base/system/RandomBytes.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/tokens/RefreshTokenRevocation.h"
#include "changebank/kickstart/tokens/SigningKeyChanges.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

ApiResponse respondWith(const Application& application) {
    return ApiResponse::ok(jsonObject({{"application", application.toJson()}}));
}

/// Updates the application from the request.
void read(Application& application, ApiCall& call) {
    const auto sent = call.reader().object("application");
    application.readFrom(sent, call.state.tenants.at(application.tenantId).jwt);
    requireKnownKeys(sent.object("jwtConfiguration"), call.state);
    const auto& others = call.state.applications;
    const bool isTaken = std::any_of(others.begin(), others.end(), [&](const auto& entry) {
        return entry.first != application.id && entry.second.tenantId == application.tenantId &&
               entry.second.name == application.name;
    });
    if (isTaken) sent.addError("name", "duplicate", "another application of the tenant has this name");
    application.lastUpdateInstant = call.now;
}

ApiResponse createApplication(ApiCall& call) {
    const auto tenantId = call.requireTenant();
    if (!tenantId) return call.badRequest();
    Application application{call.newId(), *tenantId, ""};
    if (call.state.applications.contains(application.id)) {
        call.errors.addField("applicationId", "duplicate", "another application has this id");
    }
    application.oauth.clientId = application.id.toText();
    application.oauth.clientSecret = encodeBase64Url(randomBytes(32));
    call.reader().object("application").requiredString("name");
    read(application, call);
    if (!call.errors.empty()) return call.badRequest();
    application.insertInstant = call.now;
    const auto before = signingKeysOf(call.state);
    const auto& kept = call.state.applications.emplace(application.id, application).first->second;
    publishKeyChanges(call.state, before, call.now);
    return respondWith(kept);
}

ApiResponse showApplication(ApiCall& call) {
    const auto* found = call.find(call.state.applications, *call.id);
    return found ? respondWith(*found) : ApiResponse::empty(404);
}

ApiResponse changeApplication(ApiCall& call) {
    auto* found = call.find(call.state.applications, *call.id);
    if (!found) return ApiResponse::empty(404);
    Application application = *found;
    read(application, call);
    if (!call.errors.empty()) return call.badRequest();
    const auto before = signingKeysOf(call.state);
    *found = std::move(application);
    publishKeyChanges(call.state, before, call.now);
    return respondWith(*found);
}

ApiResponse removeApplication(ApiCall& call) {
    auto* found = call.find(call.state.applications, *call.id);
    if (!found) return ApiResponse::empty(404);
    revokeRefreshTokens(call.state, {.applicationId = call.id}, call.now);
    if (call.request.parameter("hardDelete") != "true") {
        found->active = false;
        found->lastUpdateInstant = call.now;
        return ApiResponse::empty(200);
    }
    call.state.applications.erase(*call.id);
    for (auto& entry : call.state.users) {
        entry.second.registrations.erase(*call.id);
    }
    return ApiResponse::empty(200);
}

}  // namespace

void addApplicationApi(ApiRouter& router) {
    router.add({{"POST", "/api/application", Access::apiKey, createApplication},
                {"POST", "/api/application/{applicationId}", Access::apiKey, createApplication},
                {"GET", "/api/application/{applicationId}", Access::apiKey, showApplication},
                {"PATCH", "/api/application/{applicationId}", Access::apiKey, changeApplication},
                {"DELETE", "/api/application/{applicationId}", Access::apiKey, removeApplication}});
}

}  // namespace changebank::kickstart
