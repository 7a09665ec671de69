#include "kickstart/ApplicationApi.h"

#include <algorithm>

#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"
#include "kickstart/RandomOctets.h"
#include "kickstart/RefreshTokenRevocation.h"
#include "kickstart/SigningKeyChanges.h"
#include "security/Base64Url.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr std::size_t clientSecretOctets = 32;

void refuseUnknownKeys(const BodyReader& sent, const DirectoryState& state) {
    const auto tokens = sent.object("jwtConfiguration");
    for (const char* name : {"accessTokenKeyId", "idTokenKeyId"}) {
        const auto id = tokens.uuid(name);
        if (id && !state.keys.contains(*id)) tokens.refuse(name, "invalid", "no key has this id");
    }
}

void refuseTakenName(const BodyReader& sent, const Application& application, const DirectoryState& state) {
    const bool taken =
        std::any_of(state.applications.begin(), state.applications.end(), [&](const auto& entry) {
            return entry.first != application.id && entry.second.tenantId == application.tenantId &&
                   entry.second.name == application.name;
        });
    if (taken) sent.refuse("name", "duplicate", "another application of the tenant has this name");
}

ApiAnswer answerWith(const Application& application) {
    return ApiAnswer::ok(Json(Json::Object{{"application", application.toJson()}}));
}

}  // namespace

void ApplicationApi::addTo(ApiRouter& router) {
    const auto creation = [this](const ApiCall& call) { return create(call); };
    router.add("POST", "/api/application", Access::apiKey, creation);
    router.add("POST", "/api/application/{applicationId}", Access::apiKey, creation);
    router.add("GET", "/api/application", Access::apiKey,
               [this](const ApiCall& call) { return retrieveAll(call); });
    router.add("GET", "/api/application/{applicationId}", Access::apiKey,
               [this](const ApiCall& call) { return retrieve(call); });
    router.add("PATCH", "/api/application/{applicationId}", Access::apiKey,
               [this](const ApiCall& call) { return patch(call); });
    router.add("DELETE", "/api/application/{applicationId}", Access::apiKey,
               [this](const ApiCall& call) { return remove(call); });
}

ApiAnswer ApplicationApi::create(const ApiCall& call) {
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        Errors errors;
        const auto tenantId = call.requireTenant(state, errors);
        if (!tenantId) return ApiAnswer::refused(errors);
        Application application{call.id ? *call.id : Uuid::random(), *tenantId, ""};
        if (state.applications.contains(application.id)) {
            errors.addField("applicationId", "duplicate", "another application has this id");
        }
        const auto sent = BodyReader(call.body, "", errors).object("application");
        application.oauth.clientSecret = security::encodeBase64Url(randomOctets(clientSecretOctets));
        application.readFrom(sent);
        refuseTakenName(sent, application, state);
        refuseUnknownKeys(sent, state);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        application.insertInstant = application.lastUpdateInstant = now;
        const auto before = signingKeysOf(state);
        const auto& kept = state.applications.emplace(application.id, application).first->second;
        publishKeyChanges(state, before, now);
        return answerWith(kept);
    });
}

ApiAnswer ApplicationApi::retrieveAll(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        Json::Array applications;
        for (const auto& entry : state.applications) {
            if (call.concerns(entry.second.tenantId)) applications.push_back(entry.second.toJson());
        }
        return ApiAnswer::ok(Json(Json::Object{{"applications", Json(std::move(applications))}}));
    });
}

ApiAnswer ApplicationApi::retrieve(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        const auto* found = call.find(state.applications, *call.id);
        return found ? answerWith(*found) : ApiAnswer::empty(404);
    });
}

ApiAnswer ApplicationApi::patch(const ApiCall& call) {
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        auto* found = call.find(state.applications, *call.id);
        if (!found) return ApiAnswer::empty(404);
        Errors errors;
        Application application = *found;
        const auto change = BodyReader(call.body, "", errors).object("application");
        const auto whole = mergedJson(application.toJson(), change.json());
        const BodyReader sent(whole, "application", errors);
        application.readFrom(sent);
        refuseTakenName(sent, application, state);
        refuseUnknownKeys(sent, state);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        application.lastUpdateInstant = now;
        const auto before = signingKeysOf(state);
        *found = application;
        publishKeyChanges(state, before, now);
        return answerWith(*found);
    });
}

ApiAnswer ApplicationApi::remove(const ApiCall& call) {
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        auto* found = call.find(state.applications, *call.id);
        if (!found) return ApiAnswer::empty(404);
        revokeRefreshTokens(state, {.applicationId = call.id}, now);
        if (call.request.parameter("hardDelete") != "true") {
            found->active = false;
            found->lastUpdateInstant = now;
            return ApiAnswer::empty(200);
        }
        state.applications.erase(*call.id);
        for (auto& entry : state.users) {
            entry.second.registrations.erase(*call.id);
        }
        return ApiAnswer::empty(200);
    });
}

}  // namespace changebank::kickstart
