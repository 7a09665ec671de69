#include <algorithm>

#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/tokens/SigningKeyChanges.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

ApiResponse respondWith(const Tenant& tenant) {
    return ApiResponse::ok(jsonObject({{"tenant", tenant.toJson()}}));
}

/// The tenant in the request's path if the request may access it, else nullptr.
Tenant* findTenant(ApiCall& call) {
    const auto found = call.state.tenants.find(*call.id);
    return found != call.state.tenants.end() && call.concerns(found->first) ? &found->second : nullptr;
}

/// Updates the tenant from the request.
void read(Tenant& tenant, ApiCall& call) {
    const auto sent = call.reader().object("tenant");
    tenant.readFrom(sent);
    requireKnownKeys(sent.object("jwtConfiguration"), call.state);
    const auto& others = call.state.tenants;
    const bool isTaken = std::any_of(others.begin(), others.end(), [&](const auto& entry) {
        return entry.first != tenant.id && entry.second.name == tenant.name;
    });
    if (isTaken) sent.addError("name", "duplicate", "another tenant has this name");
    tenant.lastUpdateInstant = call.now;
}

ApiResponse createTenant(ApiCall& call) {
    const auto& keys = call.state.tenants.at(call.state.defaultTenantId).jwt;
    Tenant tenant{call.newId(), "", "acme.com", JwtConfiguration{keys.accessTokenKeyId, keys.idTokenKeyId}};
    if (call.state.tenants.contains(tenant.id)) {
        call.errors.addField("tenantId", "duplicate", "another tenant has this id");
    }
    call.reader().object("tenant").requiredString("name");
    read(tenant, call);
    if (!call.errors.empty()) return call.badRequest();
    tenant.insertInstant = call.now;
    return respondWith(call.state.tenants.emplace(tenant.id, tenant).first->second);
}

ApiResponse showTenant(ApiCall& call) {
    const auto* tenant = findTenant(call);
    return tenant ? respondWith(*tenant) : ApiResponse::empty(404);
}

ApiResponse changeTenant(ApiCall& call) {
    auto* found = findTenant(call);
    if (!found) return ApiResponse::empty(404);
    Tenant tenant = *found;
    read(tenant, call);
    if (!call.errors.empty()) return call.badRequest();
    const auto before = signingKeysOf(call.state);
    *found = std::move(tenant);
    publishKeyChanges(call.state, before, call.now);
    return respondWith(*found);
}

}  // namespace

void addTenantApi(ApiRouter& router) {
    router.add({{"POST", "/api/tenant", Access::apiKey, createTenant},
                {"POST", "/api/tenant/{tenantId}", Access::apiKey, createTenant},
                {"GET", "/api/tenant/{tenantId}", Access::apiKey, showTenant},
                {"PATCH", "/api/tenant/{tenantId}", Access::apiKey, changeTenant}});
}

}  // namespace changebank::kickstart
