#include <algorithm>

#include "changebank/base/text/Base64Url.h"
#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/tokens/RefreshTokenRevocation.h"
#include "changebank/kickstart/tokens/SigningKeyChanges.h"
#include "changebank/kickstart/values/JsonValues.h"
#include "changebank/kickstart/values/RandomOctets.h"

namespace changebank::kickstart {

namespace {

ApiAnswer answerWith(const Application& application) {
    return ApiAnswer::ok(Json(Json::Object{{"application", application.toJson()}}));
}

/// Takes over what was sent for the application.
void read(Application& application, ApiCall& call) {
    const auto sent = call.reader().object("application");
    application.readFrom(sent, call.state.tenants.at(application.tenantId).jwt);
    refuseUnknownKeys(sent.object("jwtConfiguration"), call.state);
    const auto& others = call.state.applications;
    const bool isTaken = std::any_of(others.begin(), others.end(), [&](const auto& entry) {
        return entry.first != application.id && entry.second.tenantId == application.tenantId &&
               entry.second.name == application.name;
    });
    if (isTaken) sent.refuse("name", "duplicate", "another application of the tenant has this name");
    application.lastUpdateInstant = call.now;
}

ApiAnswer createApplication(ApiCall& call) {
    const auto tenantId = call.requireTenant();
    if (!tenantId) return call.refused();
    Application application{call.newId(), *tenantId, ""};
    if (call.state.applications.contains(application.id)) {
        call.errors.addField("applicationId", "duplicate", "another application has this id");
    }
    application.oauth.clientId = application.id.toText();
    application.oauth.clientSecret = encodeBase64Url(randomOctets(32));
    call.reader().object("application").requiredString("name");
    read(application, call);
    if (!call.errors.empty()) return call.refused();
    application.insertInstant = call.now;
    const auto before = signingKeysOf(call.state);
    const auto& kept = call.state.applications.emplace(application.id, application).first->second;
    publishKeyChanges(call.state, before, call.now);
    return answerWith(kept);
}

ApiAnswer showApplication(ApiCall& call) {
    const auto* found = call.find(call.state.applications, *call.id);
    return found ? answerWith(*found) : ApiAnswer::empty(404);
}

ApiAnswer changeApplication(ApiCall& call) {
    auto* found = call.find(call.state.applications, *call.id);
    if (!found) return ApiAnswer::empty(404);
    Application application = *found;
    read(application, call);
    if (!call.errors.empty()) return call.refused();
    const auto before = signingKeysOf(call.state);
    *found = std::move(application);
    publishKeyChanges(call.state, before, call.now);
    return answerWith(*found);
}

ApiAnswer removeApplication(ApiCall& call) {
    auto* found = call.find(call.state.applications, *call.id);
    if (!found) return ApiAnswer::empty(404);
    revokeRefreshTokens(call.state, {.applicationId = call.id}, call.now);
    if (call.request.parameter("hardDelete") != "true") {
        found->active = false;
        found->lastUpdateInstant = call.now;
        return ApiAnswer::empty(200);
    }
    call.state.applications.erase(*call.id);
    for (auto& entry : call.state.users) {
        entry.second.registrations.erase(*call.id);
    }
    return ApiAnswer::empty(200);
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
