#include "kickstart/JwtApi.h"

#include <variant>

#include "kickstart/Instant.h"
#include "kickstart/IssuedToken.h"
#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

ApiAnswer answerWith(const char* name, Json value) {
    return ApiAnswer::ok(Json(Json::Object{{name, std::move(value)}}));
}

/// The access token that comes along: that of the header Authorization, else that of the cookie.
std::optional<std::string> accessTokenOf(const ApiRequest& request) {
    auto token = request.bearerToken();
    return token ? std::move(token) : request.cookie("access_token");
}

/// The key that an application's access tokens are verified with.
ApiAnswer publicKeyOf(const DirectoryState& state, const std::optional<Uuid>& applicationId) {
    const auto found = applicationId ? state.applications.find(*applicationId) : state.applications.end();
    if (found == state.applications.end()) return ApiAnswer::empty(404);
    const auto& key = *state.keys.at(state.jwtOf(found->second).accessTokenKeyId).key;
    if (isSymmetric(key.algorithm())) return ApiAnswer::empty(404);
    return answerWith("publicKey", Json(key.publicPem()));
}

}  // namespace

void JwtApi::addTo(ApiRouter& router) {
    router.add("GET", "/api/jwt/validate", Access::open,
               [this](const ApiCall& call) { return validate(call); });
    router.add("GET", "/api/jwt/public-key", Access::open,
               [this](const ApiCall& call) { return publicKeys(call); });
}

ApiAnswer JwtApi::validate(const ApiCall& call) const {
    const auto token = accessTokenOf(call.request);
    return _directory.read([&](const DirectoryState& state) {
        auto claims = token ? claimsOfIssuedToken(state, *token, instantOf(_clock) / millisecondsPerSecond)
                            : std::nullopt;
        return claims ? answerWith("jwt", std::move(*claims)) : ApiAnswer::empty(401);
    });
}

ApiAnswer JwtApi::publicKeys(const ApiCall& call) const {
    const auto kid = call.request.parameter("kid");
    const auto applicationId = call.request.parameter("applicationId");
    return _directory.read([&](const DirectoryState& state) {
        if (applicationId) return publicKeyOf(state, Uuid::parse(*applicationId));
        Json::Object keys;
        for (const auto& entry : state.keys) {
            const auto& key = *entry.second.key;
            if (isSymmetric(key.algorithm())) continue;
            if (kid == key.kid()) return answerWith("publicKey", Json(key.publicPem()));
            keys.emplace_back(key.kid(), Json(key.publicPem()));
        }
        return kid ? ApiAnswer::empty(404) : answerWith("publicKeys", Json(std::move(keys)));
    });
}

}  // namespace changebank::kickstart
