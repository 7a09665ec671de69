#pragma once

#include <Poco/Net/Context.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "changebank/daemon/settings/SettingFault.h"
#include "changebank/daemon/settings/Settings.h"

namespace changebank::daemon {

/// Where settings come from besides the built-in defaults. What comes later in this struct wins.
struct SettingsSources {
    /// A properties file; empty: none.
    std::string file{};
    /// `NAME=VALUE` each; names that do not begin with CHANGEBANK_ are not looked at, and what Kubernetes has
    /// set (see KubernetesServiceLinks) is noted and passed over.
    std::vector<std::string> environment{};
    /// `KEY=VALUE` each, from --define.
    std::vector<std::string> defines{};

    static constexpr const char* defaultFile = "/etc/changebank/changebank.properties";

    /// The environment of this process.
    static std::vector<std::string> processEnvironment();

    /// Those of a tool that is not the daemon: the default file if this user may read it, and the
    /// environment.
    static SettingsSources ofTool();
};

/// The text of a setting in effect, and where it comes from (as SettingFault::place says it).
struct EffectiveSetting {
    std::string text;
    std::string place;
};

/// What came out of reading: the settings if there are no faults, and every fault otherwise.
struct ParsedSettings {
    Settings settings;
    /// Made of server.tls.*, for the listener to serve with; null for plain HTTP.
    Poco::Net::Context::Ptr tls{};
    /// By key.
    std::map<std::string, EffectiveSetting> effective;
    std::vector<SettingFault> faults;
    /// What was passed over and is no fault, as a sentence each.
    std::vector<std::string> notes;

    bool ok() const noexcept { return faults.empty(); }

    /// Adds a fault of a key, at the place where its value comes from, or where one beside it does if it has
    /// none.
    void addFault(const std::string& key, std::string why);
};

/// The longest properties file that is read, in octets.
inline constexpr std::size_t maxSettingsFileBytes = std::size_t{1024} * 1024;

/// Reads and checks settings from all sources, and goes on after a fault, so that every one is found:
/// unknown, repeated and misspelt keys, bad values (also those that a later source overrides), settings that
/// do not go together, files that cannot be read. Touches no network.
ParsedSettings readSettings(const SettingsSources& sources);

}  // namespace changebank::daemon
