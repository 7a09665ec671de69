#include "kickstart/ApplicationApi.h"

#include <algorithm>

#include "kickstart/BodyReader.h"
#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

Json toJson(const Application& application) {
    Json::Object members{{"active", Json(true)}};
    for (const auto& member : *application.configuration.object()) {
        if (member.first != "active" && member.first != "id" && member.first != "tenantId")
            members.push_back(member);
    }
    members.emplace_back("id", jsonText(application.id.toText()));
    members.emplace_back("tenantId", jsonText(application.tenantId.toText()));
    return Json(std::move(members));
}

void readRoles(const BodyReader& body, Application& application) {
    for (const auto& role : body.array("roles")) {
        const auto* name = role.find("name");
        if (!name || !name->string() || name->string()->empty()) {
            body.refuse("roles", "blank", "each role is an object with a name");
        } else if (!application.roles.insert(*name->string()).second) {
            body.refuse("roles", "duplicate", "two roles have the same name");
        }
    }
}

void readTokens(const BodyReader& tokens, const DirectoryState& state, Application& application) {
    const auto readKey = [&](const char* name) {
        auto id = tokens.uuid(name);
        if (id && !state.keys.contains(*id)) tokens.refuse(name, "invalid", "no key has this id");
        return id;
    };
    const auto accessTokenKeyId = readKey("accessTokenKeyId");
    const auto idTokenKeyId = readKey("idTokenKeyId");
    const auto timeToLive = tokens.positive("timeToLiveInSeconds");
    if (!tokens.boolean("enabled").value_or(false)) return;
    application.accessTokenKeyId = accessTokenKeyId;
    application.idTokenKeyId = idTokenKeyId;
    application.timeToLiveInSeconds = timeToLive;
}

Application readApplication(const BodyReader& body, const Uuid& id, const DirectoryState& state) {
    Application application{
        id, state.defaultTenantId, body.requiredString("name"), {}, {}, {}, {}, true, body.json()};
    const bool taken = std::any_of(state.applications.begin(), state.applications.end(),
                                   [&](const auto& entry) { return entry.second.name == application.name; });
    if (taken) body.refuse("name", "duplicate", "another application has this name");
    readRoles(body, application);
    readTokens(body.object("jwtConfiguration"), state, application);
    application.loginRequiresApiKey =
        body.object("loginConfiguration").boolean("requireAuthentication").value_or(true);
    return application;
}

}  // namespace

void ApplicationApi::addTo(ApiRouter& router) {
    const auto endpoint = [this](const ApiCall& call) { return create(call); };
    router.add("POST", "/api/application", Access::apiKey, endpoint);
    router.add("POST", "/api/application/{applicationId}", Access::apiKey, endpoint);
}

ApiAnswer ApplicationApi::create(const ApiCall& call) {
    return _directory.change([&](DirectoryState& state) {
        Errors errors;
        const Uuid id = call.id ? *call.id : Uuid::random();
        if (state.applications.contains(id)) {
            errors.addField("applicationId", "duplicate", "another application has this id");
        }
        const auto application =
            readApplication(BodyReader(call.body, "", errors).object("application"), id, state);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        state.applications.emplace(id, application);
        return ApiAnswer::ok(Json(Json::Object{{"application", toJson(application)}}));
    });
}

}  // namespace changebank::kickstart
