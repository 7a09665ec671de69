#include "kickstart/DiscoveryApi.h"

#include <set>

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

Json texts(const std::set<std::string_view>& values) {
    Json::Array elements;
    for (const auto value : values) {
        elements.push_back(jsonText(value));
    }
    return Json(std::move(elements));
}

}  // namespace

void DiscoveryApi::addTo(ApiRouter& router) {
    router.add("GET", "/.well-known/jwks.json", Access::open, [this](const ApiCall&) { return jwks(); });
    router.add("GET", "/.well-known/openid-configuration", Access::open,
               [this](const ApiCall& call) { return openIdConfiguration(call); });
    router.add("GET", "/api/status", Access::open,
               [](const ApiCall&) { return ApiAnswer::ok(Json(Json::Object{})); });
}

ApiAnswer DiscoveryApi::jwks() const {
    return _directory.read([](const DirectoryState& state) {
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
        std::set<std::string_view> algorithms;
        for (const auto& entry : state.keys) {
            algorithms.insert(nameOf(entry.second.key->algorithm()));
        }
        return ApiAnswer::ok(Json(Json::Object{
            {"id_token_signing_alg_values_supported", texts(algorithms)},
            {"issuer", jsonText(state.defaultTenant().issuer)},
            {"jwks_uri", jsonText(call.request.origin + "/.well-known/jwks.json")},
            {"subject_types_supported", texts({"public"})},
        }));
    });
}

}  // namespace changebank::kickstart
