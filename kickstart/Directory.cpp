#include "kickstart/Directory.h"

#include <algorithm>

namespace changebank::kickstart {

const User* DirectoryState::findUser(const Uuid& tenantId, const std::string& loginId) const {
    const auto found = std::find_if(users.begin(), users.end(), [&](const auto& entry) {
        return entry.second.tenantId == tenantId && entry.second.hasLoginId(loginId);
    });
    return found == users.end() ? nullptr : &found->second;
}

JwtConfiguration DirectoryState::jwtOf(const Application& application) const {
    return application.jwtConfiguration(tenants.at(application.tenantId).jwt);
}

const ApiKey* DirectoryState::findApiKey(std::string_view key) const {
    const auto found =
        std::find_if(apiKeys.begin(), apiKeys.end(), [&](const ApiKey& known) { return known.matches(key); });
    return found == apiKeys.end() ? nullptr : &*found;
}

void DirectoryState::publish(Event event) {
    events.push_back(std::move(event));
}

void Directory::carryOut(const std::function<void(DirectoryState&)>& change) {
    // From here on only this thread may change the state, so it may read it beside readers.
    const std::lock_guard writer(_writers);
    std::vector<Event> events;
    {
        const std::unique_lock lock(_mutex);
        change(_state);
        events = std::exchange(_state.events, {});
    }
    for (const auto& observer : _observers) {
        observer(_state, events);
    }
}

}  // namespace changebank::kickstart
