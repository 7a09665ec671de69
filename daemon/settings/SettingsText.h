#pragma once

#include <string>
#include <vector>

#include "changebank/daemon/settings/ParsedSettings.h"

namespace changebank::daemon {

/// The properties file as shipped: every setting commented out, with its default, type, range and meaning.
std::string exampleSettings();

/// A setting in effect. Settings contain no secrets.
struct SettingEntry {
    std::string key;
    std::string value;
    /// Its source, in the form of SettingFault::place.
    std::string place;
};

/// Every setting in effect, in the order of the definitions.
std::vector<SettingEntry> settingEntries(const ParsedSettings& parsed);

/// The same as a properties file, each setting after a comment with its source.
std::string effectiveSettings(const ParsedSettings& parsed);

}  // namespace changebank::daemon
