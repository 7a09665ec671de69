#include <Poco/StringTokenizer.h>

#include <set>

#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/values/JsonValues.h"
#include "changebank/security/jose/Algorithm.h"

namespace changebank::kickstart {

namespace {

using Names = std::vector<std::string_view>;

/// The tenant that the path or the parameter `tenantId` names, else the default one; nullptr if it is
/// unknown.
const Tenant* discoveredTenant(const ApiCall& call) {
    auto id = call.id;
    if (const auto text = call.request.parameter("tenantId"); text && !id) {
        id = Uuid::parse(*text);
        if (!id) return nullptr;
    }
    const auto found = call.state.tenants.find(id.value_or(call.state.defaultTenantId));
    return found == call.state.tenants.end() ? nullptr : &found->second;
}

ApiResponse showKeySet(ApiCall& call) {
    return discoveredTenant(call) ? ApiResponse::ok(call.state.publicKeys()) : ApiResponse::empty(404);
}

ApiResponse showOpenIdConfiguration(ApiCall& call) {
    const auto* tenant = discoveredTenant(call);
    if (!tenant) return ApiResponse::empty(404);
    std::set<std::string_view> algorithms;
    for (const auto& entry : call.state.keys) {
        algorithms.insert(nameOf(entry.second.key->algorithm()));
    }
    const auto& origin = call.request.origin;
    return ApiResponse::ok(jsonObject({
        {"authorization_endpoint", origin + "/oauth2/authorize"},
        {"authorization_response_iss_parameter_supported", true},
        {"claims_supported",
         jsonTexts(Names{"applicationId", "at_hash",     "aud",        "authenticationType",
                         "birthdate",     "c_hash",      "email",      "email_verified",
                         "exp",           "family_name", "given_name", "iat",
                         "iss",           "jti",         "name",       "nonce",
                         "phone_number",  "picture",     "roles",      "sub"})},
        {"code_challenge_methods_supported", jsonTexts(Names{"S256"})},
        {"dpop_signing_alg_values_supported",
         jsonTexts(Poco::StringTokenizer(security::AlgorithmSet::all().toText(), ","))},
        {"end_session_endpoint", origin + "/oauth2/logout"},
        {"grant_types_supported", jsonTexts(Names{"authorization_code", "password", "refresh_token"})},
        {"id_token_signing_alg_values_supported", jsonTexts(algorithms)},
        {"issuer", tenant->issuer},
        {"jwks_uri", origin + "/.well-known/jwks.json"},
        {"response_modes_supported", jsonTexts(Names{"query"})},
        {"response_types_supported", jsonTexts(Names{"code"})},
        {"scopes_supported", jsonTexts(Names{"openid", "offline_access", "email", "phone", "profile"})},
        {"subject_types_supported", jsonTexts(Names{"public"})},
        {"token_endpoint", origin + "/oauth2/token"},
        {"token_endpoint_auth_methods_supported",
         jsonTexts(Names{"client_secret_basic", "client_secret_post", "none"})},
        {"userinfo_endpoint", origin + "/oauth2/userinfo"},
    }));
}

ApiResponse showHealth(ApiCall&) {
    return ApiResponse::ok(jsonObject());
}

}  // namespace

void addDiscoveryApi(ApiRouter& router) {
    router.add(
        {{"GET", "/.well-known/jwks.json", Access::open, showKeySet},
         {"GET", "/{tenantId}/.well-known/jwks.json", Access::open, showKeySet},
         {"GET", "/.well-known/openid-configuration", Access::open, showOpenIdConfiguration},
         {"GET", "/{tenantId}/.well-known/openid-configuration", Access::open, showOpenIdConfiguration},
         {"GET", "/api/status", Access::open, showHealth},
         {"GET", "/api/health", Access::open, showHealth}});
}

}  // namespace changebank::kickstart
