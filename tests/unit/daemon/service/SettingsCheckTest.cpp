#include "changebank/daemon/service/SettingsCheck.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <sstream>

#include "changebank/daemon/process/ExitStatus.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank::daemon;

BOOST_AUTO_TEST_SUITE(SettingsCheckTest)

BOOST_AUTO_TEST_CASE(goodSettingsEndWithZeroAndTheirNotes) {
    ParsedSettings reading;
    reading.notes = {"by the way"};
    std::ostringstream stream;
    BOOST_TEST(reportFaults(reading, stream) == exitOk);
    BOOST_TEST(stream.str() == "warning: by the way\n");
}

BOOST_AUTO_TEST_CASE(everyFaultIsALineAndTheEndIsThatOfWrongSettings) {
    ParsedSettings reading;
    reading.faults = {{"a.properties:1", "server.port", "is wrong"}, {"--define", "log.level", "is odd"}};
    std::ostringstream stream;
    BOOST_TEST(reportFaults(reading, stream) == exitConfiguration);
    BOOST_TEST(stream.str() == reading.faults[0].toText() + "\n" + reading.faults[1].toText() + "\n");
}

BOOST_AUTO_TEST_CASE(aFileOfRevocationsThatAStartCannotReadIsAFault) {
    const changebank::tests::TemporaryFolder folder;
    const auto faultOf = [](const std::string& path) {
        ParsedSettings parsed;
        parsed.settings.revocation.file = path;
        checkRevocationFile(parsed);
        return parsed.ok() ? "" : parsed.faults.front().toText();
    };
    BOOST_TEST(faultOf("") == "");
    BOOST_TEST(faultOf(folder.file("none")) == "");
    BOOST_TEST(!std::filesystem::exists(folder.file("none")));
    const auto bad = folder.write("bad", "nonsense\n");
    BOOST_TEST(faultOf(bad).find("revocation.file: " + bad + ":1: the line is not a revocation") !=
               std::string::npos);
    std::filesystem::create_symlink(folder.write("good", ""), folder.file("link"));
    BOOST_TEST(faultOf(folder.file("good")) == "");
    BOOST_TEST(faultOf(folder.file("link")).find(folder.file("link") + ": is a symbolic link") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
