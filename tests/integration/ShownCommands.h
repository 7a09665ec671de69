#pragma once

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/Process.h"

namespace changebank::tests {

/// A command that a document shows, and what the document says that it prints.
struct ShownCommand {
    std::string command;
    std::string output;

    static constexpr const char* endMark = "-- end of output --";
};

/// What stands in a Markdown file's ```console blocks: a line that begins with "$ " is a command, the lines
/// up to the next one or the block's end are its whole output.
inline std::vector<ShownCommand> shownCommands(const std::string& file) {
    std::ifstream document(file);
    std::vector<ShownCommand> all;
    bool inside = false;
    for (std::string line; std::getline(document, line);) {
        if (line.rfind("```", 0) == 0) {
            inside = line == "```console";
        } else if (inside && line.rfind("$ ", 0) == 0) {
            all.push_back({line.substr(2), {}});
        } else if (inside) {
            BOOST_REQUIRE(!all.empty());
            all.back().output += line + "\n";
        }
    }
    return all;
}

/// The output up to the next mark.
inline std::string nextShownOutput(std::istream& printed) {
    std::string output;
    for (std::string line; std::getline(printed, line);) {
        // An answer without a line end has the mark on its own last line.
        const auto at = line.find(ShownCommand::endMark);
        if (at != 0) output += line.substr(0, at) + "\n";
        if (at != std::string::npos) break;
    }
    return output;
}

/// Has one shell carry out the commands in their order, as a reader would, in a new folder and with our
/// programs in its PATH, and checks that each prints what is shown and that nothing comes out on standard
/// error.
inline void checkShownCommands(const std::vector<ShownCommand>& commands,
                               const Process::Environment& environment = {}) {
    std::string script = "cd \"$(mktemp --directory)\"\nPATH=" CHANGEBANK_BINARY_DIR ":$PATH\n";
    for (const auto& shown : commands) {
        script += shown.command + "\nprintf '%s\\n' '" + ShownCommand::endMark + "'\n";
    }
    Process shell("bash", {"-s"}, environment, script + "rm --recursive \"$PWD\"\n");
    BOOST_REQUIRE(shell.wait(std::chrono::seconds(60)).has_value());

    std::istringstream printed(shell.output());
    for (const auto& shown : commands) {
        const auto output = nextShownOutput(printed);
        BOOST_TEST(output == shown.output, "$ " << shown.command << "\nprinted:\n"
                                                << output << "shown:\n"
                                                << shown.output);
    }
    BOOST_TEST(shell.errors().empty(), shell.errors());
}

}  // namespace changebank::tests
