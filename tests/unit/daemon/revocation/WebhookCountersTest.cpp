#include "changebank/daemon/revocation/WebhookCounters.h"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace changebank::daemon;

BOOST_AUTO_TEST_SUITE(WebhookCountersTest)

BOOST_AUTO_TEST_CASE(countsEachOutcomeByItself) {
    WebhookCounters counters;
    counters.count(EventOutcome::future);
    counters.count(EventOutcome::future);
    counters.count(EventOutcome::keysUnavailable);
    BOOST_TEST(counters.of(EventOutcome::future) == 2U);
    BOOST_TEST(counters.of(EventOutcome::keysUnavailable) == 1U);
    BOOST_TEST(counters.of(EventOutcome::kept) == 0U);
}

BOOST_AUTO_TEST_CASE(eachOutcomeHasANameOfItsOwn) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < eventOutcomeCount; ++i)
        names.insert(nameOf(static_cast<EventOutcome>(i)));
    BOOST_TEST(names.size() == eventOutcomeCount);
    BOOST_TEST(!names.contains(""));
    BOOST_TEST(nameOf(EventOutcome::unsigned_) == "unsigned");
    BOOST_TEST(nameOf(EventOutcome::full) == "full");
    BOOST_TEST(nameOf(EventOutcome::notWritten) == "not_written");
    BOOST_TEST(nameOf(EventOutcome::keysUnavailable) == "keys_unavailable");
    BOOST_TEST(nameOf(EventOutcome::tooLarge) == "too_large");
    BOOST_TEST(nameOf(EventOutcome::unread) == "unread");
}

BOOST_AUTO_TEST_SUITE_END()
