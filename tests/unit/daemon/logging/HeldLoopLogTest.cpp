#include "changebank/daemon/logging/HeldLoopLog.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/ManualClock.h"
#include "tests/unit/daemon/RecordingLog.h"

using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::tests::ManualClock;

BOOST_AUTO_TEST_SUITE(HeldLoopLogTest)

BOOST_AUTO_TEST_CASE(namesTheRouteAndTheTime) {
    const RecordingLog recording(Poco::Message::PRIO_WARNING);
    ManualClock clock;
    HeldLoopLog log(clock);
    log.report("/report", 3001ms);
    BOOST_TEST(
        recording.text() ==
        "4 watchdog: route \"/report\" held an event loop for 3001 ms, and all other requests there; a "
        "handler that waits needs Waits::shared in its route\n");
}

BOOST_AUTO_TEST_CASE(logsOneLineInTenSecondsAndCountsTheOthers) {
    const RecordingLog recording(Poco::Message::PRIO_WARNING);
    ManualClock clock;
    HeldLoopLog log(clock);
    log.report("/a", 1000ms);
    for (int i = 0; i < 3; ++i)
        log.report("/b", 1000ms);
    clock.advance(9999ms);
    log.report("/b", 1000ms);
    BOOST_TEST(recording.text().find("/b") == std::string::npos);
    clock.advance(1ms);
    log.report("/c", 2000ms);
    BOOST_TEST(recording.text().find("/b") == std::string::npos);
    BOOST_TEST(recording.text().find("\"/c\" held an event loop for 2000 ms") != std::string::npos);
    BOOST_TEST(recording.text().find("(4 more since the last such line)") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
