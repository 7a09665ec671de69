#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "changebank/daemon/command_line/CommandLine.h"
#include "changebank/daemon/settings/sources/SettingsSources.h"

namespace changebank::daemon {

/// The parsed command line of changebankd.
struct DaemonOptions {
    enum class Task : unsigned char { serve, check, printConfig, printDefaults, version, help };

    Task task = Task::serve;
    SettingsSources sources;
    bool detach = false;
    /// Absolute; empty: none.
    std::string pidFile{};
    std::optional<mode_t> umask{};

    /// Parses the arguments, without the program's name. Without --config the settings come from the default
    /// file, if it exists, and the default folder. Makes paths absolute, since the daemon later changes to
    /// the root folder.
    static std::variant<DaemonOptions, UsageFault> parse(const std::vector<std::string>& arguments);

    /// The text of --help.
    static std::string help();
};

}  // namespace changebank::daemon
