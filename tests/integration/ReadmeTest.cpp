#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "tests/integration/DaemonProcess.h"
#include "tests/integration/FreePort.h"
#include "tests/integration/ShownCommands.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank::tests;

namespace {

const std::string kickstartd = CHANGEBANK_BINARY_DIR "/kickstartd";

/// The file's text without the white space that begins a line.
std::string withoutIndentation(std::istream& file) {
    std::string text;
    for (std::string line; std::getline(file, line);) {
        const auto begin = line.find_first_not_of(' ');
        text += (begin == std::string::npos ? "" : line.substr(begin)) + "\n";
    }
    return text;
}

std::string withoutIndentation(const std::string& path) {
    std::ifstream file(CHANGEBANK_SOURCE_DIR + path);
    BOOST_REQUIRE(file.is_open());
    return withoutIndentation(file);
}

/// The ```cpp and ```cmake blocks of a document, without indentation.
std::vector<std::string> shownCode(const std::string& document) {
    std::istringstream lines(withoutIndentation(document));
    std::vector<std::string> all;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("```", 0) == 0) {
            inside = line == "```cpp" || line == "```cmake";
            if (inside) all.emplace_back();
        } else if (inside) {
            all.back() += line + "\n";
        }
    }
    return all;
}

std::string withPorts(std::string text, const std::map<std::string, std::uint16_t>& ports) {
    for (const auto& [shown, port] : ports)
        text = std::regex_replace(text, std::regex(":" + shown + "\\b"), ":" + std::to_string(port));
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ReadmeTest)

BOOST_AUTO_TEST_CASE(everyCommandPrintsWhatTheReadmeSays) {
    Process provider(kickstartd,
                     {"--kickstart=" CHANGEBANK_SOURCE_DIR "/kickstart/kickstart.json", "--port=0"});
    const auto providerPort = provider.waitForPort();
    const auto keys = "http://localhost:" + std::to_string(providerPort) + "/.well-known/jwks.json";
    const TemporaryFolder folder;
    DaemonProcess daemon("server.host = localhost\nauth.jwks.uri = " + keys +
                         "\nrevocation.file = " + folder.file("revocations") + "\n");

    auto commands = shownCommands(CHANGEBANK_SOURCE_DIR "/README.md");
    BOOST_TEST(commands.size() >= 12U);
    const std::map<std::string, std::uint16_t> ports{
        {"9011", providerPort}, {"3000", daemon.port()}, {"8000", freePort()}, {"8090", freePort()}};
    for (auto& shown : commands) {
        shown.command = std::regex_replace(withPorts(shown.command, ports), std::regex("packaging/proxies"),
                                           CHANGEBANK_SOURCE_DIR "/packaging/proxies");
    }
    checkShownCommands(commands, {{"CHANGEBANK_ADMIN_SOCKET", daemon.adminSocket()}});
}

BOOST_AUTO_TEST_CASE(allCodeStandsInASourceThatIsBuilt) {
    std::string sources;
    for (const std::string path :
         {"/handlers/bank/ChangeBank.cpp", "/docs/examples/guarded_service.cpp",
          "/docs/examples/guarded_service_test.cpp", "/tests/conformance/foreign/CMakeLists.txt"}) {
        sources += withoutIndentation(path);
    }
    const std::map<std::string, std::size_t> blocksOf{{"/README.md", 3}, {"/security/README.md", 4}};
    for (const auto& [document, count] : blocksOf) {
        const auto blocks = shownCode(document);
        BOOST_TEST(blocks.size() == count, document);
        for (const auto& block : blocks)
            BOOST_TEST((sources.find(block) != std::string::npos), document << ": " << block);
    }
}

BOOST_AUTO_TEST_SUITE_END()
