#pragma once

#include <string>
#include <vector>

#include "changebank/daemon/settings/SettingsReader.h"

namespace changebank::daemon {

/// The properties file as shipped: every setting commented out, with its default, kind, range and meaning.
std::string exampleSettings();

/// A setting in effect. None holds a secret.
struct SettingEntry {
    std::string key;
    std::string value;
    /// As SettingFault::place says it.
    std::string place;
};

/// Every setting in effect, in the order of the definitions.
std::vector<SettingEntry> settingEntries(const ParsedSettings& parsed);

/// The same as a properties file, each setting behind a comment with its place.
std::string effectiveSettings(const ParsedSettings& parsed);

}  // namespace changebank::daemon
