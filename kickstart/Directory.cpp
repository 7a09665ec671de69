#include "kickstart/Directory.h"

#include <algorithm>

namespace changebank::kickstart {

const User* DirectoryState::findUser(const std::string& loginId) const {
    const auto found = std::find_if(users.begin(), users.end(),
                                    [&](const auto& entry) { return entry.second.hasLoginId(loginId); });
    return found == users.end() ? nullptr : &found->second;
}

bool DirectoryState::hasApiKey(std::string_view key) const {
    return std::any_of(apiKeys.begin(), apiKeys.end(),
                       [&](const ApiKey& known) { return known.matches(key); });
}

}  // namespace changebank::kickstart
