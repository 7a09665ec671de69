#include "kickstart/TenantApi.h"

#include "kickstart/BodyReader.h"
#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

Json toJson(const Tenant& tenant) {
    Json::Object jwtConfiguration{{"accessTokenKeyId", jsonText(tenant.accessTokenKeyId.toText())},
                                  {"idTokenKeyId", jsonText(tenant.idTokenKeyId.toText())},
                                  {"timeToLiveInSeconds", jsonInteger(tenant.timeToLiveInSeconds)}};
    Json::Object loginConfiguration{{"requireAuthentication", Json(tenant.loginRequiresApiKey)}};
    return Json(Json::Object{{"id", jsonText(tenant.id.toText())},
                             {"issuer", jsonText(tenant.issuer)},
                             {"jwtConfiguration", Json(std::move(jwtConfiguration))},
                             {"loginConfiguration", Json(std::move(loginConfiguration))},
                             {"name", jsonText(tenant.name)},
                             {"state", jsonText("Active")}});
}

void change(Tenant& tenant, const BodyReader& body, const DirectoryState& state) {
    if (auto name = body.string("name")) tenant.name = std::move(*name);
    if (auto issuer = body.string("issuer")) {
        if (issuer->empty()) body.refuse("issuer", "blank", "must not be empty");
        tenant.issuer = std::move(*issuer);
    }
    const auto tokens = body.object("jwtConfiguration");
    const auto changeKey = [&](const char* name, Uuid& target) {
        auto id = tokens.uuid(name);
        if (id && !state.keys.contains(*id)) tokens.refuse(name, "invalid", "no key has this id");
        if (id) target = std::move(*id);
    };
    changeKey("accessTokenKeyId", tenant.accessTokenKeyId);
    changeKey("idTokenKeyId", tenant.idTokenKeyId);
    tenant.timeToLiveInSeconds = tokens.positive("timeToLiveInSeconds").value_or(tenant.timeToLiveInSeconds);
    tenant.loginRequiresApiKey = body.object("loginConfiguration")
                                     .boolean("requireAuthentication")
                                     .value_or(tenant.loginRequiresApiKey);
}

}  // namespace

void TenantApi::addTo(ApiRouter& router) {
    router.add("PATCH", "/api/tenant/{tenantId}", Access::apiKey,
               [this](const ApiCall& call) { return patch(call); });
}

ApiAnswer TenantApi::patch(const ApiCall& call) {
    return _directory.change([&](DirectoryState& state) {
        const auto found = state.tenants.find(*call.id);
        if (found == state.tenants.end()) return ApiAnswer::empty(404);
        Errors errors;
        Tenant tenant = found->second;
        change(tenant, BodyReader(call.body, "", errors).object("tenant"), state);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        found->second = tenant;
        return ApiAnswer::ok(Json(Json::Object{{"tenant", toJson(tenant)}}));
    });
}

}  // namespace changebank::kickstart
