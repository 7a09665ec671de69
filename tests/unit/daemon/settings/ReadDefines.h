#pragma once

#include <string>
#include <vector>

#include "changebank/daemon/settings/SettingsReader.h"

namespace changebank::daemon {

/// Every fault as a line, with FILE in the place of the file's path.
inline std::string faultsOf(const ParsedSettings& parsed, const std::string& file = "") {
    std::string text;
    for (const auto& fault : parsed.faults) {
        auto line = fault.toText();
        if (!file.empty() && line.rfind(file, 0) == 0) line.replace(0, file.size(), "FILE");
        text += line + "\n";
    }
    return text;
}

/// The settings that these `KEY=VALUE` texts and the defaults make.
inline ParsedSettings readDefines(const std::vector<std::string>& defines) {
    SettingsSources sources;
    sources.defines = defines;
    return readSettings(sources);
}

}  // namespace changebank::daemon
