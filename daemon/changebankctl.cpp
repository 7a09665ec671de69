#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ExitStatus.h"
#include "daemon/SettingsCheck.h"
#include "daemon/TokenCommand.h"
#include "daemon/Version.h"

using namespace changebank::daemon;

namespace {

using Arguments = std::vector<std::string>;

/// A subcommand. It reads its own arguments, the name left out, and returns the exit status.
struct Command {
    std::string_view name;
    std::string_view arguments;
    std::string_view meaning;
    int (*run)(const Arguments& arguments);
};

int check(const Arguments& arguments) {
    if (arguments.size() != 1 || arguments.front().empty()) {
        std::cerr << "usage: changebankctl check FILE\n";
        return exitUsage;
    }
    SettingsSources sources;
    sources.file = std::filesystem::absolute(arguments.front()).string();
    sources.environment = SettingsSources::processEnvironment();
    return checkSettings(sources);
}

constexpr std::array<Command, 2> commands{{
    {"check", "FILE", "check a settings file, and report every fault", check},
    {"token", "inspect|verify [TOKEN|-]", "show or judge tokens, without a daemon", runTokenCommand},
}};

void printHelp(std::ostream& stream) {
    stream << "Usage: changebankctl COMMAND [ARGUMENT]...\n\n";
    for (const auto& command : commands) {
        stream << "  " << command.name << " " << command.arguments << "\n      " << command.meaning << '\n';
    }
    stream << "\n  --version  print the version\n  --help     print this text\n";
}

int run(const Arguments& arguments) {
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
        std::cerr << "changebankctl: there is no command \"" << name << "\"; see changebankctl --help\n";
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
