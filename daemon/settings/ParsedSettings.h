#pragma once

#include <Poco/Net/Context.h>

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "changebank/daemon/settings/Settings.h"
#include "changebank/daemon/settings/sources/SettingFault.h"

namespace changebank::daemon {

/// The text of a setting in effect, and its source in the form of SettingFault::place.
struct EffectiveSetting {
    std::string text;
    std::string place;
};

/// The result of parsing: valid settings if there are no faults, otherwise all faults.
struct ParsedSettings {
    Settings settings;
    /// The API's TLS context according to server.tls.*; null for plain HTTP.
    Poco::Net::Context::Ptr tls{};
    /// By key.
    std::map<std::string, EffectiveSetting> effective;
    /// The keys of all settings, in the order of SettingTable.
    std::vector<std::string> keys{};
    std::vector<SettingFault> faults;
    /// What an operator should know without being a fault, one sentence each: what was ignored, and values
    /// that are hardly meant as they are.
    std::vector<std::string> notes;

    bool ok() const noexcept { return faults.empty(); }

    /// Whether a setting of SettingTable::base() has another value than its default.
    bool isChanged(const std::string& key) const;

    /// Adds a note about a key.
    void addNote(const std::string& key, std::string why);

    /// Adds the note "has no effect, since WHY" about each of these keys that isChanged().
    void noteUnused(std::initializer_list<const char*> unused, const std::string& why);

    /// Adds a fault of a key, at the place of its value or of another setting in its group.
    void addFault(const std::string& key, std::string why);
};

}  // namespace changebank::daemon
