#include "changebank/kickstart/directory/Directory.h"

#include <algorithm>

namespace changebank::kickstart {

const User* DirectoryState::findUser(const Uuid& tenantId, const std::string& loginId) const {
    const auto found = std::find_if(users.begin(), users.end(), [&](const auto& entry) {
        return entry.second.tenantId == tenantId && entry.second.hasLoginId(loginId);
    });
    return found == users.end() ? nullptr : &found->second;
}

bool DirectoryState::hasApiKey(std::string_view key) const {
    return std::any_of(apiKeys.begin(), apiKeys.end(), [&](const ApiKey& each) { return each.matches(key); });
}

Poco::JSON::Object DirectoryState::publicKeys() const {
    Poco::JSON::Array shown;
    for (const auto& entry : keys) {
        const auto& key = *entry.second.key;
        if (!isSymmetric(key.algorithm())) shown.add(key.publicJwk());
    }
    return jsonObject({{"keys", shown}});
}

}  // namespace changebank::kickstart
