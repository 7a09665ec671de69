#include "changebank/daemon/http/message/HttpDate.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/ManualClock.h"

using changebank::http::HttpDate;
using changebank::tests::ManualClock;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(HttpDateTest)

BOOST_AUTO_TEST_CASE(FollowsTheClockBySeconds) {
    ManualClock clock(ManualClock::Wall(1'700'000'000s));
    HttpDate date;
    const auto now = [&] { return date.at(clock.monotonic(), clock); };
    BOOST_TEST(now() == "Tue, 14 Nov 2023 22:13:20 GMT");
    clock.advance(999ms);
    BOOST_TEST(now() == "Tue, 14 Nov 2023 22:13:20 GMT");
    clock.advance(1ms);
    BOOST_TEST(now() == "Tue, 14 Nov 2023 22:13:21 GMT");
    clock.advance(500ms);
    now();
    clock.advance(500ms);
    BOOST_TEST(now() == "Tue, 14 Nov 2023 22:13:22 GMT");
}

BOOST_AUTO_TEST_SUITE_END()
