#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "changebank/daemon/command_line/CommandLine.h"
#include "changebank/daemon/control/ControlCommand.h"
#include "changebank/daemon/control/DecideCommand.h"
#include "changebank/daemon/control/LoginCommand.h"
#include "changebank/daemon/control/RevocationsCommand.h"
#include "changebank/daemon/control/RevokeCommand.h"
#include "changebank/daemon/control/TokenCommand.h"
#include "changebank/daemon/control/client/UsageMessage.h"
#include "changebank/daemon/control/live/DenialsCommand.h"
#include "changebank/daemon/control/live/TopCommand.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/process/Version.h"
#include "changebank/daemon/service/SettingsCheck.h"
#include "changebank/daemon/settings/sources/SettingsSources.h"

using namespace changebank;
using namespace changebank::daemon;

namespace {

using Arguments = std::vector<std::string>;

/// A subcommand. It parses its own arguments, without its name, and returns the exit status.
struct Command {
    std::string_view name;
    std::string_view arguments;
    std::string_view meaning;
    int (*run)(const Arguments& arguments);
};

constexpr std::size_t commandWidth = 36;

const Poco::Util::OptionSet& checkOptions() {
    using Poco::Util::Option;
    static const auto all = optionSet({
        Option("config-dir", "",
               std::string("read DIR/*.properties after the file, instead of ")
                   .append(SettingsSources::defaultFolder)
                   .append(", which goes with ")
                   .append(SettingsSources::defaultFile))
            .argument("DIR"),
        Option("help", "", "print this text"),
    });
    return all;
}

int check(const Arguments& arguments) {
    const auto parsed = CommandLine::parse(checkOptions(), arguments);
    if (const auto* fault = std::get_if<UsageFault>(&parsed)) return reportUsage("check", fault->why);
    const auto& line = std::get<CommandLine>(parsed);
    if (line.has("help")) {
        std::cout << helpText(checkOptions(), "changebankctl check [OPTION]... FILE",
                              "Checks a settings file as changebankd would and reports every fault.",
                              "Exit status: 0 or 78.");
        return exitOk;
    }
    if (line.operands().size() != 1 || line.operands().front().empty())
        return reportUsage("check", "needs one FILE");
    if (line.has("config-dir") && line.value("config-dir").empty())
        return reportUsage("check", "--config-dir=DIR needs a folder name");
    SettingsSources sources;
    sources.useFile(std::filesystem::absolute(line.operands().front()).string());
    if (line.has("config-dir"))
        sources.useFolder(std::filesystem::absolute(line.value("config-dir")).string());
    sources.environment = SettingsSources::processEnvironment();
    return checkSettings(sources);
}

constexpr std::array<Command, 14> commands{{
    {"status", "", "show what the daemon is doing", runStatusCommand},
    {"denials", "", "show the last refused requests, and why", runDenialsCommand},
    {"top", "", "show what the daemon is doing, as rates, on a screen", runTopCommand},
    {"reload", "", "reload the settings", runReloadCommand},
    {"keys", "[refresh]", "show the keys that verify tokens, or refresh them", runKeysCommand},
    {"metrics", "", "show the daemon's metrics", runMetricsCommand},
    {"config", "", "show the settings in effect", runConfigCommand},
    {"log-level", "NAME", "set the minimum log level", runLogLevelCommand},
    {"revoke", "user|session|application ID", "refuse the tokens that were issued up to now",
     runRevokeCommand},
    {"revocations", "", "list the revocations in effect", runRevocationsCommand},
    {"decide", "METHOD PATH [TOKEN|-]", "try a request with the rules for the API behind a proxy",
     runDecideCommand},
    {"check", "FILE", "check a settings file, and report every fault, without a daemon", check},
    {"token", "inspect|verify|prove [TOKEN|-]", "inspect, verify or prove tokens, without a daemon",
     runTokenCommand},
    {"login", "USER", "log in with FusionAuth and print the access token", runLoginCommand},
}};

void printHelp(std::ostream& stream) {
    stream << "usage: changebankctl [--socket=PATH|--pid=PID] [--json] COMMAND [ARGUMENT]...\n\n";
    for (const auto& command : commands) {
        auto line = std::string(command.name) + " " + std::string(command.arguments);
        line.resize(std::max(line.size(), commandWidth), ' ');
        stream << "  " << line << "  " << command.meaning << '\n';
    }
    stream << "\n  --socket=PATH  the daemon's admin socket; default: admin.socket of the settings\n"
              "  --pid=PID      the daemon with this process id, whichever admin socket it has\n"
              "  --json         print the daemon's response as JSON\n"
              "  --version      print the version\n"
              "  --help         print this text; COMMAND --help shows more\n";
}

/// Moves options that precede the command behind it.
Arguments commandFirst(const Arguments& arguments) {
    const auto isOption = [](const std::string& argument) { return argument.starts_with("-"); };
    auto command = std::find_if_not(arguments.begin(), arguments.end(), isOption);
    // `--socket PATH` and `--pid PID` take two arguments.
    if (command != arguments.begin() && command != arguments.end() &&
        (*std::prev(command) == "--socket" || *std::prev(command) == "--pid"))
        command = std::find_if_not(std::next(command), arguments.end(), isOption);
    Arguments ordered(command, arguments.end());
    ordered.insert(ordered.empty() ? ordered.end() : std::next(ordered.begin()), arguments.begin(), command);
    return ordered;
}

int run(const Arguments& given) {
    const auto arguments = commandFirst(given);
    if (arguments.empty()) {
        printHelp(std::cerr);
        return exitUsage;
    }
    const auto& name = arguments.front();
    if (name == "--help") {
        printHelp(std::cout);
        return exitOk;
    }
    if (name == "--version") {
        std::cout << "changebankctl " << version << '\n';
        return exitOk;
    }
    const auto command =
        std::find_if(commands.begin(), commands.end(), [&](const auto& each) { return each.name == name; });
    if (command == commands.end()) {
        std::cerr << "changebankctl: unknown command \"" << name << "\"; see changebankctl --help\n";
        return exitUsage;
    }
    return command->run(Arguments(arguments.begin() + 1, arguments.end()));
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(Arguments(argv + 1, argv + argc));
    } catch (const std::exception& error) {
        std::cerr << "changebankctl: " << error.what() << '\n';
        return exitSoftware;
    }
}
