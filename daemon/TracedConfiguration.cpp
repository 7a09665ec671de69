#include "daemon/TracedConfiguration.h"

namespace changebank::daemon {

std::string TracedConfiguration::missed(const std::string& name) const {
    std::string longest;
    for (const auto& key : _missed) {
        if (key.ends_with("." + name) && key.size() > longest.size()) longest = key;
    }
    return longest;
}

std::vector<std::string> TracedConfiguration::unread() const {
    std::vector<std::string> keys;
    for (const auto& [key, value] : _properties) {
        if (!_read.contains(key)) keys.push_back(key);
    }
    return keys;
}

bool TracedConfiguration::getRaw(const std::string& key, std::string& value) const {
    const auto property = _properties.find(key);
    if (property == _properties.end()) {
        _missed.push_back(key);
        return false;
    }
    value = property->second;
    _read.insert(key);
    _found = key;
    _missed.clear();
    return true;
}

/// The names that come next below a key, each once.
void TracedConfiguration::enumerate(const std::string& key, Keys& range) const {
    const auto prefix = key.empty() ? key : key + ".";
    std::set<std::string> names;
    for (auto property = _properties.lower_bound(prefix);
         property != _properties.end() && property->first.starts_with(prefix); ++property) {
        const auto name = property->first.substr(prefix.size());
        names.insert(name.substr(0, name.find('.')));
    }
    range.assign(names.begin(), names.end());
}

}  // namespace changebank::daemon
