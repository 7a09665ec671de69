#include "changebank/daemon/command_line/DaemonOptions.h"

#include <charconv>
#include <filesystem>
#include <string_view>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/values/SettingType.h"

namespace changebank::daemon {

namespace {

const Poco::Util::OptionSet& knownOptions() {
    using Poco::Util::Option;
    static const auto all = optionSet({
        Option("config", "",
               std::string("read settings from FILE instead of ").append(SettingsSources::defaultFile))
            .argument("FILE"),
        Option("config-dir", "",
               std::string("read DIR/*.properties after the file, instead of ")
                   .append(SettingsSources::defaultFolder)
                   .append(", which goes with the default file"))
            .argument("DIR"),
        Option("define", "", "set one setting; overrides file and environment")
            .repeatable(true)
            .argument("KEY=VALUE"),
        Option("check", "", "check the settings, report every fault, and exit with 0 or 78"),
        Option("print-config", "", "print the settings in effect and the source of each"),
        Option("print-defaults", "", "print a commented settings file with every default"),
        Option("daemon", "", "run in the background; return once the daemon serves, or with its exit status"),
        Option("pidfile", "", "write the process id to FILE and lock it against a second instance")
            .argument("FILE"),
        Option("umask", "", "create files with this mask, in octal; with --daemon the default is 027")
            .argument("MASK"),
        Option("version", "", "print the version"),
        Option("help", "", "print this text"),
    });
    return all;
}

std::string absolute(const std::string& path) {
    return path.empty() ? path : std::filesystem::absolute(path).string();
}

std::optional<mode_t> octalMask(std::string_view text) {
    unsigned mask = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, mask, 8);
    if (error != std::errc{} || stopped != end || mask > 0777) return std::nullopt;
    return static_cast<mode_t>(mask);
}

std::variant<DaemonOptions::Task, UsageFault> taskOf(const CommandLine& line) {
    using Task = DaemonOptions::Task;
    if (line.has("help")) return Task::help;
    if (line.has("version")) return Task::version;
    auto task = Task::serve;
    for (const auto& [name, named] :
         {std::pair{"check", Task::check}, std::pair{"print-config", Task::printConfig},
          std::pair{"print-defaults", Task::printDefaults}}) {
        if (!line.has(name)) continue;
        if (task != Task::serve)
            return UsageFault{"--check, --print-config and --print-defaults are mutually exclusive"};
        task = named;
    }
    return task;
}

/// Where settings are read from. A default file that is missing may still have a folder beside it.
std::optional<UsageFault> takeFiles(const CommandLine& line, SettingsSources& sources) {
    if (line.has("config")) {
        if (line.value("config").empty()) return UsageFault{"--config=FILE needs a file name"};
        sources.useFile(absolute(line.value("config")));
    } else {
        sources.useFile(SettingsSources::defaultFile);
        std::error_code ignored;
        if (!std::filesystem::exists(sources.file, ignored)) sources.file.clear();
    }
    if (!line.has("config-dir")) return std::nullopt;
    if (line.value("config-dir").empty()) return UsageFault{"--config-dir=DIR needs a folder name"};
    sources.useFolder(absolute(line.value("config-dir")));
    return std::nullopt;
}

}  // namespace

std::variant<DaemonOptions, UsageFault> DaemonOptions::parse(const std::vector<std::string>& arguments) {
    const auto parsed = CommandLine::parse(knownOptions(), arguments);
    if (const auto* fault = std::get_if<UsageFault>(&parsed)) return *fault;
    const auto& line = std::get<CommandLine>(parsed);
    if (!line.operands().empty())
        return UsageFault{"unexpected argument " + inQuotes(line.operands().front())};
    const auto task = taskOf(line);
    if (const auto* fault = std::get_if<UsageFault>(&task)) return *fault;

    DaemonOptions options;
    options.task = std::get<Task>(task);
    options.sources.defines = line.values("define");
    options.sources.environment = SettingsSources::processEnvironment();
    if (auto fault = takeFiles(line, options.sources)) return *fault;
    options.detach = line.has("daemon");
    if (options.detach) options.umask = 027;
    options.pidFile = absolute(line.value("pidfile"));
    if (line.has("umask")) {
        options.umask = octalMask(line.value("umask"));
        if (!options.umask) {
            return UsageFault{"--umask=MASK needs an octal number from 0 to 777, not " +
                              inQuotes(line.value("umask"))};
        }
    }
    return options;
}

std::string DaemonOptions::help() {
    return helpText(
        knownOptions(), "changebankd [OPTION]...",
        "Serves the ChangeBank API to callers with a valid access token.",
        "Exit status: 0 success, 64 usage error, 69 cannot listen or already running, 70 internal "
        "error, 78 invalid settings.");
}

}  // namespace changebank::daemon
