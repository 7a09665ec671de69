#include "changebank/kickstart/tokens/SigningKeyChanges.h"

#include <map>

#include "changebank/kickstart/tokens/ClientSecretKey.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

SigningKeys signingKeysOf(const DirectoryState& state) {
    SigningKeys keys;
    for (const auto& [id, application] : state.applications) {
        const auto jwt = state.jwtOf(application);
        keys.emplace(id, std::pair(jwt.accessTokenKeyId, jwt.idTokenKeyId));
    }
    return keys;
}

void publishKeyChanges(DirectoryState& state, const SigningKeys& before, std::int64_t now) {
    std::map<Uuid, Poco::JSON::Array> applicationIds;
    for (const auto& [id, keys] : signingKeysOf(state)) {
        const auto former = before.find(id);
        if (former != before.end() && former->second == keys) continue;
        applicationIds[state.applications.at(id).tenantId].add(id.toText());
    }
    for (auto& [tenantId, ids] : applicationIds) {
        state.publish({"jwt.public-key.update", tenantId, now, jsonObject({{"applicationIds", ids}})});
    }
}

void requireKnownKeys(const BodyReader& jwtConfiguration, const DirectoryState& state) {
    for (const char* name : {"accessTokenKeyId", "idTokenKeyId"}) {
        const auto id = jwtConfiguration.uuid(name);
        const bool isBuiltIn = id && name == std::string_view("idTokenKeyId") && clientSecretAlgorithm(*id);
        if (id && !isBuiltIn && !state.keys.contains(*id))
            jwtConfiguration.addError(name, "invalid", "no key has this id");
    }
}

}  // namespace changebank::kickstart
