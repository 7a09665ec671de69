#include "changebank/daemon/revocation/ReportedFailures.h"

#include <boost/test/unit_test.hpp>
#include <string>

using changebank::daemon::ReportedFailures;

BOOST_AUTO_TEST_SUITE(ReportedFailuresTest)

BOOST_AUTO_TEST_CASE(eachKindIsReportedOnceUntilTheServerIsWell) {
    ReportedFailures reported;
    BOOST_TEST(reported.add({"refused"}));
    BOOST_TEST(!reported.add({"refused"}));
    BOOST_TEST(reported.add({"no answer in time"}));
    reported.clear();
    BOOST_TEST(reported.add({"refused"}));
}

BOOST_AUTO_TEST_CASE(errorsWithTheSameFirstWordAreOfOneKind) {
    ReportedFailures reported;
    BOOST_TEST(reported.add({"the server refuses the command (\"OOM at 1\")", "OOM"}));
    BOOST_TEST(!reported.add({"the server refuses the command (\"OOM at 2\")", "OOM"}));
}

BOOST_AUTO_TEST_CASE(aServerThatAlwaysSaysSomethingElseMakesFewReports) {
    ReportedFailures reported;
    std::size_t count = 0;
    for (int i = 0; i < 100; ++i)
        count += reported.add({"failure", std::to_string(i)}) ? 1U : 0U;
    BOOST_TEST(count == ReportedFailures::maxKinds);
}

BOOST_AUTO_TEST_SUITE_END()
