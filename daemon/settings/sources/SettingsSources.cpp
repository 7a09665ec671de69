#include "changebank/daemon/settings/sources/SettingsSources.h"

#include <unistd.h>

namespace changebank::daemon {

std::vector<std::string> SettingsSources::processEnvironment() {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable)
        variables.emplace_back(*variable);
    return variables;
}

SettingsSources SettingsSources::ofTool() {
    return {.file = ::access(defaultFile, R_OK) == 0 ? defaultFile : "",
            .folder = defaultFolder,
            .pieces = Pieces::readable,
            .environment = processEnvironment()};
}

void SettingsSources::useFile(const std::string& path) {
    file = path;
    folder = path == defaultFile ? defaultFolder : "";
    pieces = Pieces::optional;
}

void SettingsSources::useFolder(const std::string& path) {
    folder = path;
    pieces = Pieces::required;
}

}  // namespace changebank::daemon
