#include "changebank/daemon/settings/ParsedSettings.h"

#include <utility>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

namespace {

/// The place of a setting, or of another one in its group if it has none.
std::string placeOf(const std::string& key, const std::map<std::string, EffectiveSetting>& effective) {
    if (const auto setting = effective.find(key); setting != effective.end()) return setting->second.place;
    const auto group = key.substr(0, key.rfind('.') + 1);
    const auto neighbour = effective.lower_bound(group);
    const bool isNeighbour = neighbour != effective.end() && neighbour->first.starts_with(group);
    return isNeighbour ? neighbour->second.place : std::string(SettingFault::defaults);
}

}  // namespace

bool ParsedSettings::isChanged(const std::string& key) const {
    const auto setting = effective.find(key);
    const auto* definition = SettingTable::base().find(key);
    return setting != effective.end() && definition && setting->second.text != definition->defaultValue;
}

void ParsedSettings::addNote(const std::string& key, std::string why) {
    notes.push_back(SettingFault{placeOf(key, effective), key, std::move(why)}.toText());
}

void ParsedSettings::noteUnused(std::initializer_list<const char*> unused, const std::string& why) {
    for (const auto* key : unused) {
        if (isChanged(key)) addNote(key, "has no effect, since " + why);
    }
}

void ParsedSettings::addFault(const std::string& key, std::string why) {
    faults.push_back({placeOf(key, effective), key, oneLine(std::move(why))});
}

}  // namespace changebank::daemon
