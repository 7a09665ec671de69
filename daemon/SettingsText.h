#pragma once

#include <string>
#include <vector>

#include "daemon/SettingsReader.h"

namespace changebank::daemon {

/// The properties file as shipped: every setting commented out, with its default, kind, range and meaning.
std::string exampleSettings();

/// A setting in effect as people may see it.
struct ShownSetting {
    std::string key;
    /// Masked for `logging.*` keys that look like a secret; no other setting holds one.
    std::string value;
    /// As SettingFault::place says it.
    std::string place;
};

/// Every setting in effect, in the order of the definitions, `logging.*` at the end.
std::vector<ShownSetting> shownSettings(const SettingsReading& reading);

/// The same as a properties file, each setting behind a comment with its place.
std::string effectiveSettings(const SettingsReading& reading);

}  // namespace changebank::daemon
