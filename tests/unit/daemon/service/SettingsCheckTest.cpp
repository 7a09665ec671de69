#include "changebank/daemon/service/SettingsCheck.h"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "changebank/daemon/process/ExitStatus.h"

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

BOOST_AUTO_TEST_SUITE_END()
