#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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
    std::string key;
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

/// Every setting of this version, with those of further issuers and rules. Immutable, usable from any thread.
class SettingTable {
public:
    /// The names of further issuers, as in auth.issuers, and the numbers of the rules beside decision.rule.1,
    /// in ascending order.
    SettingTable(const std::vector<std::string>& issuers, const std::vector<unsigned>& rules);
    SettingTable(const SettingTable&) = delete;
    SettingTable& operator=(const SettingTable&) = delete;

    /// The one without further issuers and rules, whose settings have the names of those of auth.*
    /// (Settings::Issuer).
    static const SettingTable& base();

    /// In the order of the example file.
    const std::vector<SettingDefinition>& all() const noexcept { return _all; }

    /// Their keys, in the same order.
    std::vector<std::string> keys() const;

    /// The setting of that exact key, or nullptr.
    const SettingDefinition* find(std::string_view key) const;

    /// The setting of that environment variable, or nullptr.
    const SettingDefinition* findVariable(std::string_view name) const;

    /// The known key closest to a misspelt one; empty if none is close. Valid as long as the table.
    std::string_view nearest(std::string_view key) const;

    /// The setting's variable closest to a misspelt one, which must begin with environmentPrefix; empty if
    /// none is close.
    std::string nearestVariable(std::string_view name) const;

private:
    std::vector<SettingDefinition> _all;
    /// The places in it, by key.
    std::unordered_map<std::string_view, std::size_t> _places;
};

}  // namespace changebank::daemon
