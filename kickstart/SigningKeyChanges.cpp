#include "kickstart/SigningKeyChanges.h"

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

SigningKeys signingKeysOf(const DirectoryState& state) {
    SigningKeys keys;
    for (const auto& [id, application] : state.applications) {
        const auto jwt = application.jwtConfiguration(state.tenants.at(application.tenantId).jwt);
        keys.emplace(id, std::pair(jwt.accessTokenKeyId, jwt.idTokenKeyId));
    }
    return keys;
}

void publishKeyChanges(DirectoryState& state, const SigningKeys& before, std::int64_t now) {
    Json::Array applicationIds;
    for (const auto& [id, keys] : signingKeysOf(state)) {
        const auto former = before.find(id);
        if (former == before.end() || former->second != keys) applicationIds.push_back(jsonText(id.toText()));
    }
    if (applicationIds.empty()) return;
    state.publish({"jwt.public-key.update",
                   state.defaultTenantId,
                   now,
                   {{"applicationIds", Json(std::move(applicationIds))}}});
}

}  // namespace changebank::kickstart
