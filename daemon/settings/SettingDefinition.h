#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/daemon/settings/Settings.h"

namespace changebank::daemon {

/// How a reload applies a changed setting.
enum class Applies : unsigned char {
    atOnce,             ///< From the next request or message on.
    toNewConnections,   ///< Open connections keep the old value.
    byAnotherListener,  ///< A new listener takes over while the old one drains.
};

/// The end of the sentence "A reload applies it …".
std::string_view whenOf(Applies applies) noexcept;

/// One setting: the single definition behind parsing, checking, `--print-config`, the example file and the
/// documentation.
struct SettingDefinition {
    std::string_view key;
    /// The type and range of its values, for people.
    std::string type;
    std::string range;
    /// The default, as written in a file.
    std::string_view defaultValue;
    Applies applies;
    /// One or two sentences.
    std::string_view meaning;
    /// Parses a text into the settings. On failure returns the reason and leaves the settings unchanged.
    std::function<std::optional<std::string>(std::string_view text, Settings& settings)> read;

    /// The environment variable of the setting: `auth.jwks.maxAge` is CHANGEBANK_AUTH_JWKS_MAXAGE.
    std::string environmentVariable() const;
    /// Type and range.
    std::string kind() const { return range.empty() ? type : type + ", " + range; }
};

/// The prefix of all our environment variables.
inline constexpr std::string_view environmentPrefix = "CHANGEBANK_";

/// Every setting of this version, in the order of the example file.
const std::vector<SettingDefinition>& settingDefinitions();

/// The setting of that exact key, or nullptr.
const SettingDefinition* findSetting(std::string_view key);

/// The known key closest to a misspelt one; empty if none is close.
std::string_view nearestSetting(std::string_view key);

/// The setting's variable closest to a misspelt one, which must begin with environmentPrefix; empty if none
/// is close.
std::string nearestVariable(std::string_view name);

}  // namespace changebank::daemon
