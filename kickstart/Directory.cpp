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

bool DirectoryState::admits(std::string_view key, const std::string& api, const std::string& method) const {
    const auto* found = findApiKey(key);
    return found && found->permits(api, method);
}

void DirectoryState::publish(Event event) {
    auto completion = event.completion();
    events.push_back(std::move(event));
    if (completion) events.push_back(std::move(*completion));
}

void Directory::keepWith(Keeper keeper) {
    _keeper = std::move(keeper);
    _keeper(_state);
}

void Directory::carryOut(const std::function<void(DirectoryState&)>& change) {
    // From here on only this thread may change the state, so it may read it beside readers.
    const std::lock_guard writer(_writers);
    const auto events = _keeper ? applyAndKeep(change) : apply(change);
    for (const auto& observer : _observers) {
        observer(_state, events);
    }
}

std::vector<Event> Directory::apply(const std::function<void(DirectoryState&)>& change) {
    const std::unique_lock lock(_mutex);
    change(_state);
    return std::exchange(_state.events, {});
}

std::vector<Event> Directory::applyAndKeep(const std::function<void(DirectoryState&)>& change) {
    auto next = _state;
    change(next);
    auto events = std::exchange(next.events, {});
    _keeper(next);
    const std::unique_lock lock(_mutex);
    std::swap(_state, next);
    return events;
}

}  // namespace changebank::kickstart
