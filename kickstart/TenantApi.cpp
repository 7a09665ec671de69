#include "kickstart/TenantApi.h"

#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"
#include "kickstart/SigningKeyChanges.h"

namespace changebank::kickstart {

using security::Json;

namespace {

void refuseUnknownKeys(const Tenant& tenant, const BodyReader& sent, const DirectoryState& state) {
    const auto refuseUnless = [&](const char* name, const Uuid& id) {
        if (!state.keys.contains(id))
            sent.object("jwtConfiguration").refuse(name, "invalid", "no key has this id");
    };
    refuseUnless("accessTokenKeyId", tenant.jwt.accessTokenKeyId);
    refuseUnless("idTokenKeyId", tenant.jwt.idTokenKeyId);
}

}  // namespace

void TenantApi::addTo(ApiRouter& router) {
    router.add("GET", "/api/tenant/{tenantId}", Access::apiKey,
               [this](const ApiCall& call) { return retrieve(call); });
    router.add("PATCH", "/api/tenant/{tenantId}", Access::apiKey,
               [this](const ApiCall& call) { return patch(call); });
}

ApiAnswer TenantApi::retrieve(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        const auto found = state.tenants.find(*call.id);
        if (found == state.tenants.end()) return ApiAnswer::empty(404);
        return ApiAnswer::ok(Json(Json::Object{{"tenant", found->second.toJson()}}));
    });
}

ApiAnswer TenantApi::patch(const ApiCall& call) {
    return _directory.change([&](DirectoryState& state) {
        const auto found = state.tenants.find(*call.id);
        if (found == state.tenants.end()) return ApiAnswer::empty(404);
        Errors errors;
        Tenant tenant = found->second;
        const auto sent = BodyReader(call.body, "", errors).object("tenant");
        tenant.readFrom(sent);
        refuseUnknownKeys(tenant, sent, state);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        const auto now = instantOf(_clock);
        tenant.lastUpdateInstant = now;
        const auto before = signingKeysOf(state);
        found->second = tenant;
        publishKeyChanges(state, before, now);
        return ApiAnswer::ok(Json(Json::Object{{"tenant", tenant.toJson()}}));
    });
}

}  // namespace changebank::kickstart
