#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "changebank/daemon/command_line/CommandLine.h"
#include "changebank/daemon/settings/SettingsReader.h"

namespace changebank::daemon {

/// What the command line of changebankd asks for.
struct DaemonOptions {
    enum class Task : unsigned char { serve, check, printConfig, printDefaults, version, help };

    Task task = Task::serve;
    SettingsSources sources;
    bool detach = false;
    /// Absolute; empty: none.
    std::string pidFile{};
    std::optional<mode_t> umask{};

    /// Reads the arguments, without the program's name. Where --config is not given, the settings come from
    /// the default file if it is there. Paths become absolute here, since the daemon later works in the root
    /// folder.
    static std::variant<DaemonOptions, UsageFault> parse(const std::vector<std::string>& arguments);

    /// The text of --help.
    static std::string help();
};

}  // namespace changebank::daemon
