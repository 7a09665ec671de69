#pragma once

#include <string>
#include <vector>

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

}  // namespace changebank::daemon
