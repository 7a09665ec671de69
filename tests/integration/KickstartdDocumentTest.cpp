#include <boost/test/unit_test.hpp>
#include <regex>

#include "tests/integration/ShownCommands.h"
#include "tests/support/Process.h"

using namespace changebank::tests;

BOOST_AUTO_TEST_SUITE(KickstartdDocumentTest)

BOOST_AUTO_TEST_CASE(EveryCommandPrintsWhatTheDocumentSays) {
    Process kickstartd(CHANGEBANK_BINARY_DIR "/kickstartd",
                       {"--kickstart=" CHANGEBANK_SOURCE_DIR "/kickstart/kickstart.json", "--port=0"});
    const auto port = std::to_string(kickstartd.waitForPort());
    auto commands = shownCommands(CHANGEBANK_SOURCE_DIR "/docs/kickstartd.md");
    BOOST_TEST(commands.size() >= 10U);
    for (auto& shown : commands) {
        shown.command = std::regex_replace(shown.command, std::regex("localhost:9011"), "localhost:" + port);
    }
    checkShownCommands(commands);
}

BOOST_AUTO_TEST_SUITE_END()
