#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/daemon/settings/Settings.h"

namespace changebank::daemon {

/// From when on a reload applies a changed setting.
enum class Applies : unsigned char {
    atOnce,             ///< From the next request or message on.
    toNewConnections,   ///< Those that live keep what they have.
    byAnotherListener,  ///< Another listener takes over, and the requests of the old one are answered first.
};

/// How "A reload applies it" goes on.
std::string_view whenOf(Applies applies) noexcept;

/// One setting: the single definition from which reading, checking, `--print-config` and the example file
/// come.
struct SettingDefinition {
    std::string_view key;
    /// The kind of value and what it may be, for people.
    std::string type;
    std::string range;
    /// The default, as it would stand in a file.
    std::string_view defaultValue;
    Applies applies;
    /// One or two sentences.
    std::string_view meaning;
    /// Reads a text into the settings. Returns why that cannot be done, and then leaves them as they are.
    std::function<std::optional<std::string>(std::string_view text, Settings& settings)> read;

    /// The environment variable of the setting: `auth.jwks.maxAge` is CHANGEBANK_AUTH_JWKS_MAXAGE.
    std::string environmentVariable() const;
    /// Type and range.
    std::string kind() const { return range.empty() ? type : type + ", " + range; }
};

/// What every environment variable of ours begins with.
inline constexpr std::string_view environmentPrefix = "CHANGEBANK_";

/// Every setting of this version, in the order of the example file.
const std::vector<SettingDefinition>& settingDefinitions();

/// The setting of that exact key, or nullptr.
const SettingDefinition* findSetting(std::string_view key);

/// The known key that a misspelt one most likely meant; empty if none is near.
std::string_view nearestSetting(std::string_view key);

/// The variable of a setting that a misspelt one, which begins with environmentPrefix, most likely meant;
/// empty if none is near.
std::string nearestVariable(std::string_view name);

}  // namespace changebank::daemon
