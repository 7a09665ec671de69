#include "kickstart/oauth/LoginThrottle.h"

#include <algorithm>

namespace changebank::kickstart {

std::optional<std::chrono::seconds> LoginThrottle::begin(const std::string& key) {
    const std::lock_guard lock(_mutex);
    const auto now = _clock.monotonic();
    if (_entries.size() >= _limit.keys && !_entries.contains(key)) forgetOne(now);
    auto& entry = _entries.try_emplace(key, Entry{0, now + _limit.period}).first->second;
    if (now >= entry.end) entry = {0, now + _limit.period};
    if (entry.failures >= _limit.failures) return std::chrono::ceil<std::chrono::seconds>(entry.end - now);
    ++entry.failures;
    return std::nullopt;
}

void LoginThrottle::takeBack(const std::string& key) {
    const std::lock_guard lock(_mutex);
    const auto entry = _entries.find(key);
    if (entry != _entries.end() && entry->second.failures > 0) --entry->second.failures;
}

void LoginThrottle::forget(const std::string& key) {
    const std::lock_guard lock(_mutex);
    _entries.erase(key);
}

void LoginThrottle::forgetOne(security::Clock::Monotonic now) {
    std::erase_if(_entries, [&](const auto& entry) { return now >= entry.second.end; });
    if (_entries.size() < _limit.keys) return;
    _entries.erase(std::min_element(_entries.begin(), _entries.end(), [](const auto& one, const auto& other) {
        return one.second.end < other.second.end;
    }));
}

}  // namespace changebank::kickstart
