#include "changebank/security/guard/SubjectRateLimit.h"

#include <boost/test/unit_test.hpp>
#include <string>

using changebank::Clock;
using changebank::security::SubjectRateLimit;
using namespace std::chrono_literals;
using Verdict = SubjectRateLimit::Verdict;

namespace {

const Clock::Monotonic start{1h};

}  // namespace

BOOST_AUTO_TEST_SUITE(SubjectRateLimitTest)

BOOST_AUTO_TEST_CASE(eachSubjectHasItsOwnLimit) {
    SubjectRateLimit limit(2);
    for (const char* subject : {"eve", "mallory"}) {
        BOOST_TEST((limit.count(subject, start) == Verdict::within));
        BOOST_TEST((limit.count(subject, start) == Verdict::within));
        BOOST_TEST((limit.count(subject, start) == Verdict::last));
        for (int i = 0; i < 3; ++i)
            BOOST_TEST((limit.count(subject, start) == Verdict::beyond));
    }
}

BOOST_AUTO_TEST_CASE(theNextMinuteBeginsAgain) {
    SubjectRateLimit limit(1);
    BOOST_TEST((limit.count("eve", start) == Verdict::within));
    BOOST_TEST((limit.count("eve", start + 59s) == Verdict::last));
    BOOST_TEST((limit.count("eve", start + 59s) == Verdict::beyond));
    BOOST_TEST((limit.count("eve", start + 60s) == Verdict::within));
}

BOOST_AUTO_TEST_CASE(anotherLimitCountsAtOnce) {
    SubjectRateLimit limit(1);
    limit.count("eve", start);
    limit.setLimit(3);
    BOOST_TEST((limit.count("eve", start) == Verdict::within));
    limit.setLimit(1);
    BOOST_TEST((limit.count("eve", start) == Verdict::beyond));
}

BOOST_AUTO_TEST_CASE(subjectsBeyondTheMaximumCountAsOne) {
    SubjectRateLimit limit(1);
    for (std::size_t i = 0; i < SubjectRateLimit::maxSubjects; ++i)
        BOOST_REQUIRE((limit.count("subject " + std::to_string(i), start) == Verdict::within));
    BOOST_TEST((limit.count("one more", start) == Verdict::within));
    BOOST_TEST((limit.count("and another", start) == Verdict::last));
    BOOST_TEST((limit.count("and a third", start) == Verdict::beyond));
    BOOST_TEST((limit.count("subject 0", start) == Verdict::last));
}

BOOST_AUTO_TEST_SUITE_END()
