#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/tokens/IssuedToken.h"
#include "changebank/kickstart/values/Instant.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

ApiResponse respondWith(const char* name, const Poco::Dynamic::Var& value) {
    return ApiResponse::ok(jsonObject({{name, value}}));
}

ApiResponse validate(ApiCall& call) {
    auto token = call.request.bearerToken();
    if (!token) token = call.request.cookie("access_token");
    auto claims =
        token ? claimsOfIssuedToken(call.state, *token, call.now / millisecondsPerSecond) : std::nullopt;
    return claims ? respondWith("jwt", jsonValue(*claims)) : ApiResponse::empty(401);
}

/// The key that an application's access tokens are verified with.
ApiResponse publicKeyOf(const DirectoryState& state, const std::optional<Uuid>& applicationId) {
    const auto found = applicationId ? state.applications.find(*applicationId) : state.applications.end();
    if (found == state.applications.end()) return ApiResponse::empty(404);
    const auto& key = *state.keys.at(state.jwtOf(found->second).accessTokenKeyId).key;
    if (isSymmetric(key.algorithm())) return ApiResponse::empty(404);
    return respondWith("publicKey", key.publicPem());
}

ApiResponse showPublicKeys(ApiCall& call) {
    const auto kid = call.request.parameter("kid");
    if (const auto applicationId = call.request.parameter("applicationId")) {
        return publicKeyOf(call.state, Uuid::parse(*applicationId));
    }
    auto keys = jsonObject();
    for (const auto& entry : call.state.keys) {
        const auto& key = *entry.second.key;
        if (isSymmetric(key.algorithm())) continue;
        if (kid == key.kid()) return respondWith("publicKey", key.publicPem());
        keys.set(key.kid(), key.publicPem());
    }
    return kid ? ApiResponse::empty(404) : respondWith("publicKeys", keys);
}

}  // namespace

void addJwtApi(ApiRouter& router) {
    router.add({{"GET", "/api/jwt/validate", Access::open, validate},
                {"GET", "/api/jwt/public-key", Access::open, showPublicKeys}});
}

}  // namespace changebank::kickstart
