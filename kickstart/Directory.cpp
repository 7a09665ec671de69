#include "kickstart/Directory.h"

#include <algorithm>

namespace changebank::kickstart {

const User* DirectoryState::findUser(const Uuid& tenantId, const std::string& loginId) const {
    const auto found = std::find_if(users.begin(), users.end(), [&](const auto& entry) {
        return entry.second.tenantId == tenantId && entry.second.hasLoginId(loginId);
    });
    return found == users.end() ? nullptr : &found->second;
}

const ApiKey* DirectoryState::findApiKey(std::string_view key) const {
    const auto found =
        std::find_if(apiKeys.begin(), apiKeys.end(), [&](const ApiKey& known) { return known.matches(key); });
    return found == apiKeys.end() ? nullptr : &*found;
}

bool DirectoryState::admits(std::string_view key, const std::string& api, const std::string& method) const {
    const auto* found = findApiKey(key);
    return found && found->permits(api, method);
}

void DirectoryState::publish(Event event) {
    auto completion = event.completion();
    events.push_back(std::move(event));
    if (completion) events.push_back(std::move(*completion));
}

void Directory::tellObservers() {
    // Only this thread may change the state now, so the events can be taken out beside readers, who do not
    // look at them.
    const auto events = [this] {
        const std::unique_lock lock(_mutex);
        return std::exchange(_state.events, {});
    }();
    for (const auto& observer : _observers) {
        observer(_state, events);
    }
}

}  // namespace changebank::kickstart
