#include "kickstart/DiscoveryApi.h"

#include <set>

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

using Names = std::vector<std::string_view>;

/// The tenant that the path or the parameter `tenantId` names, or the default one; nullptr if there is no
/// such.
const Tenant* tenantOf(const DirectoryState& state, const ApiCall& call) {
    auto id = call.id;
    if (const auto text = call.request.parameter("tenantId"); text && !id) {
        id = Uuid::parse(*text);
        if (!id) return nullptr;
    }
    const auto found = state.tenants.find(id.value_or(state.defaultTenantId));
    return found == state.tenants.end() ? nullptr : &found->second;
}

}  // namespace

void DiscoveryApi::addTo(ApiRouter& router) {
    const auto keys = [this](const ApiCall& call) { return jwks(call); };
    router.add("GET", "/.well-known/jwks.json", Access::open, keys);
    router.add("GET", "/{tenantId}/.well-known/jwks.json", Access::open, keys);
    const auto configuration = [this](const ApiCall& call) { return openIdConfiguration(call); };
    router.add("GET", "/.well-known/openid-configuration", Access::open, configuration);
    router.add("GET", "/{tenantId}/.well-known/openid-configuration", Access::open, configuration);
    const auto health = [](const ApiCall&) { return ApiAnswer::ok(Json(Json::Object{})); };
    router.add("GET", "/api/status", Access::open, health);
    router.add("GET", "/api/health", Access::open, [](const ApiCall&) { return ApiAnswer::empty(200); });
}

ApiAnswer DiscoveryApi::jwks(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        if (!tenantOf(state, call)) return ApiAnswer::empty(404);
        Json::Array keys;
        for (const auto& entry : state.keys) {
            const auto& key = *entry.second.key;
            if (!isSymmetric(key.algorithm())) keys.push_back(key.publicJwk());
        }
        return ApiAnswer::ok(Json(Json::Object{{"keys", Json(std::move(keys))}}));
    });
}

ApiAnswer DiscoveryApi::openIdConfiguration(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        const auto* tenant = tenantOf(state, call);
        if (!tenant) return ApiAnswer::empty(404);
        std::set<std::string_view> algorithms;
        for (const auto& entry : state.keys) {
            algorithms.insert(nameOf(entry.second.key->algorithm()));
        }
        const auto& origin = call.request.origin;
        return ApiAnswer::ok(Json(Json::Object{
            {"authorization_endpoint", jsonText(origin + "/oauth2/authorize")},
            {"authorization_response_iss_parameter_supported", Json(true)},
            {"backchannel_logout_supported", Json(false)},
            {"claims_supported",
             jsonTexts(Names{"applicationId", "at_hash",      "aud",         "authenticationType",
                             "birthdate",     "c_hash",       "email",       "email_verified",
                             "exp",           "family_name",  "given_name",  "iat",
                             "iss",           "jti",          "middle_name", "name",
                             "nonce",         "phone_number", "picture",     "preferred_username",
                             "roles",         "sub"})},
            {"code_challenge_methods_supported", jsonTexts(Names{"S256"})},
            {"end_session_endpoint", jsonText(origin + "/oauth2/logout")},
            {"frontchannel_logout_supported", Json(false)},
            {"grant_types_supported", jsonTexts(Names{"authorization_code", "refresh_token"})},
            {"id_token_signing_alg_values_supported", jsonTexts(algorithms)},
            {"issuer", jsonText(tenant->issuer)},
            {"jwks_uri", jsonText(origin + "/.well-known/jwks.json")},
            {"response_modes_supported", jsonTexts(Names{"query"})},
            {"response_types_supported", jsonTexts(Names{"code"})},
            {"scopes_supported",
             jsonTexts(Names{"openid", "offline_access", "address", "email", "phone", "profile"})},
            {"subject_types_supported", jsonTexts(Names{"public"})},
            {"token_endpoint", jsonText(origin + "/oauth2/token")},
            {"token_endpoint_auth_methods_supported",
             jsonTexts(Names{"client_secret_basic", "client_secret_post", "none"})},
            {"userinfo_endpoint", jsonText(origin + "/oauth2/userinfo")},
        }));
    });
}

}  // namespace changebank::kickstart
