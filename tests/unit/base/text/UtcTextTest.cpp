#include "changebank/base/text/UtcText.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>

using changebank::utcText;

namespace {

std::string textOf(std::int64_t seconds) {
    return utcText(std::chrono::sys_seconds{std::chrono::seconds(seconds)});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(UtcTextTest)

BOOST_AUTO_TEST_CASE(timesAreInUtc) {
    BOOST_TEST(textOf(0) == "1970-01-01T00:00:00Z");
    BOOST_TEST(textOf(-1) == "1969-12-31T23:59:59Z");
    BOOST_TEST(textOf(1'790'000'000) == "2026-09-21T14:13:20Z");
}

BOOST_AUTO_TEST_CASE(timesWithoutADateOfFourDigitsAreTheFirstOrTheLastThatHasOne) {
    BOOST_TEST(textOf(253'402'300'799) == "9999-12-31T23:59:59Z");
    BOOST_TEST(textOf(253'402'300'800) == "9999-12-31T23:59:59Z");
    BOOST_TEST(textOf(std::numeric_limits<std::int64_t>::max()) == "9999-12-31T23:59:59Z");
    BOOST_TEST(textOf(-62'135'596'800) == "0001-01-01T00:00:00Z");
    BOOST_TEST(textOf(std::numeric_limits<std::int64_t>::min()) == "0001-01-01T00:00:00Z");
}

BOOST_AUTO_TEST_SUITE_END()
