#pragma once

#include <Poco/Net/Context.h>

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "changebank/daemon/settings/Settings.h"
#include "changebank/daemon/settings/sources/SettingFault.h"
#include "changebank/daemon/settings/sources/SettingsFolder.h"

namespace changebank::daemon {

/// The sources of settings, besides the built-in defaults. Later members override earlier ones.
struct SettingsSources {
    /// A properties file; empty: none.
    std::string file{};
    /// A folder with further properties files, each of which overrides the file and those before it; empty:
    /// none. See settingsPieces().
    std::string folder{};
    /// What of the folder must be there.
    Pieces pieces = Pieces::optional;
    /// `NAME=VALUE` texts. Names that do not begin with CHANGEBANK_ are ignored; variables set by Kubernetes
    /// (see KubernetesServiceLinks) are ignored with a note.
    std::vector<std::string> environment{};
    /// `KEY=VALUE` texts, from --define.
    std::vector<std::string> defines{};

    static constexpr const char* defaultFile = "/etc/changebank/changebank.properties";
    static constexpr const char* defaultFolder = "/etc/changebank/conf.d";

    /// Sets the file, an absolute path, and with the default file the default folder, which may be missing;
    /// with another file no folder.
    void useFile(const std::string& path);

    /// Sets another folder, which must be there.
    void useFolder(const std::string& path);

    /// The environment of this process.
    static std::vector<std::string> processEnvironment();

    /// The sources for tools other than the daemon: the default file and the pieces of the default folder
    /// that this user can read, and the environment.
    static SettingsSources ofTool();
};

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

/// Reads and checks the settings from all sources and collects all faults: unknown, repeated and misspelt
/// keys, invalid values (even if a later source overrides them), invalid combinations, unreadable files. Does
/// not access the network.
ParsedSettings readSettings(const SettingsSources& sources);

}  // namespace changebank::daemon
