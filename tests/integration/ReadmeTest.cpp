#include <boost/test/unit_test.hpp>
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/integration/DaemonProcess.h"

using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

const std::string kickstartd = CHANGEBANK_BINARY_DIR "/kickstartd";

/// A command of the README and what the README says that it prints.
struct Shown {
    std::string command;
    std::string output;
};

/// What stands in the README's ```console blocks: a line that begins with "$ " is a command, the lines up to
/// the next one or the block's end are its whole output.
std::vector<Shown> shownCommands() {
    std::ifstream readme(CHANGEBANK_SOURCE_DIR "/README.md");
    std::vector<Shown> all;
    bool inside = false;
    for (std::string line; std::getline(readme, line);) {
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

/// The file's text without the white space that begins a line.
std::string withoutIndentation(std::istream& file) {
    std::string text;
    for (std::string line; std::getline(file, line);) {
        const auto begin = line.find_first_not_of(' ');
        text += (begin == std::string::npos ? "" : line.substr(begin)) + "\n";
    }
    return text;
}

/// The README's ```cpp blocks, without indentation.
std::vector<std::string> shownCode() {
    std::ifstream readme(CHANGEBANK_SOURCE_DIR "/README.md");
    std::istringstream lines(withoutIndentation(readme));
    std::vector<std::string> all;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("```", 0) == 0) {
            inside = line == "```cpp";
            if (inside) all.emplace_back();
        } else if (inside) {
            all.back() += line + "\n";
        }
    }
    return all;
}

std::string withPorts(std::string text, std::uint16_t provider, std::uint16_t api) {
    text = std::regex_replace(text, std::regex("localhost:9011"), "localhost:" + std::to_string(provider));
    return std::regex_replace(text, std::regex("localhost:3000"), "localhost:" + std::to_string(api));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ReadmeTest)

BOOST_AUTO_TEST_CASE(everyCommandPrintsWhatTheReadmeSays) {
    Process provider(kickstartd,
                     {"--kickstart=" CHANGEBANK_SOURCE_DIR "/kickstart/kickstart.json", "--port=0"});
    const auto providerPort = provider.waitForPort();
    const auto keys = "http://localhost:" + std::to_string(providerPort) + "/.well-known/jwks.json";
    DaemonProcess daemon("server.host = localhost\nauth.jwks.uri = " + keys + "\n");

    const auto commands = shownCommands();
    BOOST_TEST(commands.size() >= 12U);
    // One shell for all, as a reader would have it; each output ends with a mark of its own.
    const std::string mark = "-- end of output --";
    std::string script = "cd \"$(mktemp --directory)\"\nPATH=" CHANGEBANK_BINARY_DIR ":$PATH\n";
    for (const auto& shown : commands) {
        script += withPorts(shown.command, providerPort, daemon.port()) + "\nprintf '%s\\n' '" + mark + "'\n";
    }
    Process shell("bash", {"-s"}, {}, script + "rm --recursive \"$PWD\"\n");
    BOOST_REQUIRE(shell.wait(60s).has_value());

    std::istringstream printed(shell.output());
    for (const auto& shown : commands) {
        std::string output;
        for (std::string line; std::getline(printed, line);) {
            // An answer without a line end has the mark on its own last line.
            const auto at = line.find(mark);
            if (at != 0) output += line.substr(0, at) + "\n";
            if (at != std::string::npos) break;
        }
        BOOST_TEST(output == shown.output, "$ " << shown.command << "\nprinted:\n"
                                                << output << "shown:\n"
                                                << shown.output);
    }
    BOOST_TEST(shell.errors().empty(), shell.errors());
}

BOOST_AUTO_TEST_CASE(allCodeStandsInASourceThatIsBuilt) {
    std::string sources;
    for (const std::string path : {"/handlers/ChangeBank.cpp", "/docs/examples/guarded_service.cpp"}) {
        std::ifstream file(CHANGEBANK_SOURCE_DIR + path);
        sources += withoutIndentation(file);
    }
    const auto blocks = shownCode();
    BOOST_TEST(blocks.size() == 2U);
    for (const auto& block : blocks)
        BOOST_TEST((sources.find(block) != std::string::npos), block << "stands in no source");
}

BOOST_AUTO_TEST_SUITE_END()
