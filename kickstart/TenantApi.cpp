#include "kickstart/TenantApi.h"

#include <algorithm>

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

void refuseTakenName(const Tenant& tenant, const BodyReader& sent, const DirectoryState& state) {
    const bool taken = std::any_of(state.tenants.begin(), state.tenants.end(), [&](const auto& entry) {
        return entry.first != tenant.id && entry.second.name == tenant.name;
    });
    if (taken) sent.refuse("name", "duplicate", "another tenant has this name");
}

/// The tenant that a request names in its path, if the request may be about it; else nullptr.
template <typename Tenants>
auto* findTenant(const ApiCall& call, Tenants& tenants) {
    const auto found = tenants.find(*call.id);
    return found != tenants.end() && call.concerns(found->first) ? &found->second : nullptr;
}

/// A tenant of which nothing is known but its keys.
Tenant bareTenant(const Uuid& id, const JwtConfiguration& keys) {
    return Tenant{id, "", "acme.com", JwtConfiguration{keys.accessTokenKeyId, keys.idTokenKeyId}};
}

ApiAnswer answerWith(const Tenant& tenant) {
    return ApiAnswer::ok(Json(Json::Object{{"tenant", tenant.toJson()}}));
}

}  // namespace

void TenantApi::addTo(ApiRouter& router) {
    const auto creation = [this](const ApiCall& call) { return create(call); };
    router.add("POST", "/api/tenant", Access::apiKey, creation);
    router.add("POST", "/api/tenant/{tenantId}", Access::apiKey, creation);
    router.add("GET", "/api/tenant", Access::apiKey,
               [this](const ApiCall& call) { return retrieveAll(call); });
    router.add("GET", "/api/tenant/{tenantId}", Access::apiKey,
               [this](const ApiCall& call) { return retrieve(call); });
    router.add("PATCH", "/api/tenant/{tenantId}", Access::apiKey,
               [this](const ApiCall& call) { return change(call); });
}

ApiAnswer TenantApi::create(const ApiCall& call) {
    // A request that is bound to one tenant is not one to make others.
    if (call.tenantId) return ApiAnswer::empty(401);
    return _directory.change([&](DirectoryState& state) {
        Errors errors;
        auto tenant =
            bareTenant(call.id ? *call.id : Uuid::random(), state.tenants.at(state.defaultTenantId).jwt);
        if (state.tenants.contains(tenant.id)) {
            errors.addField("tenantId", "duplicate", "another tenant has this id");
        }
        const auto sent = BodyReader(call.body, "", errors).object("tenant");
        sent.requiredString("name");
        tenant.readFrom(sent);
        refuseTakenName(tenant, sent, state);
        refuseUnknownKeys(tenant, sent, state);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        tenant.insertInstant = tenant.lastUpdateInstant = instantOf(_clock);
        return answerWith(state.tenants.emplace(tenant.id, tenant).first->second);
    });
}

ApiAnswer TenantApi::retrieve(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        const auto* tenant = findTenant(call, state.tenants);
        return tenant ? answerWith(*tenant) : ApiAnswer::empty(404);
    });
}

ApiAnswer TenantApi::retrieveAll(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        Json::Array tenants;
        for (const auto& [id, tenant] : state.tenants) {
            if (call.concerns(id)) tenants.push_back(tenant.toJson());
        }
        return ApiAnswer::ok(Json(Json::Object{{"tenants", Json(std::move(tenants))}}));
    });
}

ApiAnswer TenantApi::change(const ApiCall& call) {
    return _directory.change([&](DirectoryState& state) {
        auto* found = findTenant(call, state.tenants);
        if (!found) return ApiAnswer::empty(404);
        Errors errors;
        const auto change = BodyReader(call.body, "", errors).object("tenant");
        const auto whole = mergedJson(found->toJson(), change.json());
        const BodyReader sent(whole, "tenant", errors);
        sent.requiredString("name");
        Tenant tenant = bareTenant(found->id, found->jwt);
        tenant.readFrom(sent);
        tenant.insertInstant = found->insertInstant;
        refuseTakenName(tenant, sent, state);
        refuseUnknownKeys(tenant, sent, state);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        const auto now = instantOf(_clock);
        tenant.lastUpdateInstant = now;
        const auto before = signingKeysOf(state);
        *found = tenant;
        publishKeyChanges(state, before, now);
        return answerWith(tenant);
    });
}

}  // namespace changebank::kickstart
