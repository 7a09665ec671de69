#include "changebank/daemon/revocation/PendingRevocations.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

using changebank::daemon::PendingRevocations;
using changebank::security::Revocation;
using WhenFailed = PendingRevocations::WhenFailed;
using namespace std::chrono_literals;

namespace {

constexpr PendingRevocations::Time start{1h};

Revocation ofUser(const std::string& user, std::int64_t issuedUpTo = 100) {
    return {.user = user, .issuedUpTo = issuedUpTo};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PendingRevocationsTest)

BOOST_AUTO_TEST_CASE(whatIsReadIsNotPending) {
    PendingRevocations pending;
    pending.addUnpublished({ofUser("a"), ofUser("b"), ofUser("a")});
    BOOST_TEST(pending.unpublishedCount() == 2U);
    pending.setRead(ofUser("a"));
    pending.setRead(ofUser("c"));
    BOOST_REQUIRE(pending.unpublishedCount() == 1U);
    BOOST_TEST(pending.unpublished(10).front().user == "b");
}

BOOST_AUTO_TEST_CASE(theLaterInstantCounts) {
    PendingRevocations pending;
    pending.addUnpublished({ofUser("a", 100), ofUser("a", 300), ofUser("a", 200)});
    BOOST_TEST(pending.unpublished(10).front().issuedUpTo == 300);
    pending.setRead(ofUser("a", 299));
    pending.setSent({ofUser("a", 299)}, start);
    BOOST_TEST(pending.unpublishedCount() == 1U);
    pending.setSent({ofUser("a", 300)}, start);
    BOOST_TEST(pending.unpublishedCount() == 0U);
}

BOOST_AUTO_TEST_CASE(whatWasSentIsUnpublishedAgainUntilItIsRead) {
    PendingRevocations pending;
    pending.setSent({ofUser("a"), ofUser("b")}, start);
    BOOST_TEST(pending.unpublishedCount() == 0U);
    pending.setRead(ofUser("a"));
    pending.setAllUnpublished();
    BOOST_REQUIRE(pending.unpublishedCount() == 1U);
    BOOST_TEST(pending.unpublished(10).front().user == "b");
}

BOOST_AUTO_TEST_CASE(aFailureDoesNotMatterOnceItWasRead) {
    PendingRevocations pending;
    const auto a = pending.start(ofUser("a"));
    const auto b = pending.start(ofUser("b"));
    const auto laterA = pending.start(ofUser("a", 101));
    pending.setRead(ofUser("a"));
    BOOST_TEST(!pending.setFailed(a, WhenFailed::publishLater));
    BOOST_TEST(pending.setFailed(b, WhenFailed::publishLater));
    BOOST_TEST(pending.unpublishedCount() == 1U);
    BOOST_TEST(pending.setFailed(laterA, WhenFailed::publishLater));
    BOOST_TEST(pending.unpublishedCount() == 2U);
}

BOOST_AUTO_TEST_CASE(aFailedOneCanBeForgotten) {
    PendingRevocations pending;
    const auto attempt = pending.start(ofUser("a"));
    pending.setAllUnpublished();
    BOOST_TEST(pending.unpublishedCount() == 0U);
    BOOST_TEST(pending.setFailed(attempt, WhenFailed::forget));
    pending.setAllUnpublished();
    BOOST_TEST(pending.unpublishedCount() == 0U);
}

BOOST_AUTO_TEST_CASE(aConfirmedOneWasSentUnlessItWasRead) {
    PendingRevocations pending;
    const auto a = pending.start(ofUser("a"));
    const auto b = pending.start(ofUser("b"));
    pending.setRead(ofUser("b"));
    pending.setConfirmed(a, start);
    pending.setConfirmed(b, start);
    pending.setAllUnpublished();
    BOOST_REQUIRE(pending.unpublishedCount() == 1U);
    BOOST_TEST(pending.unpublished(10).front().user == "a");
}

BOOST_AUTO_TEST_CASE(whatWasSentBeforeATimeIsUnpublishedAgain) {
    PendingRevocations pending;
    pending.setSent({ofUser("a")}, start);
    pending.setSent({ofUser("b")}, start + 1s);
    BOOST_TEST(!pending.wasSomeSentBefore(start));
    BOOST_TEST(pending.wasSomeSentBefore(start + 1s));
    BOOST_TEST(pending.setUnpublishedIfSentBefore(start) == 0U);
    BOOST_TEST(pending.setUnpublishedIfSentBefore(start + 1s) == 1U);
    BOOST_REQUIRE(pending.unpublishedCount() == 1U);
    BOOST_TEST(pending.unpublished(10).front().user == "a");
}

BOOST_AUTO_TEST_CASE(thereAreNoMoreThanTheLimit) {
    PendingRevocations pending;
    pending.addUnpublished({ofUser("a"), ofUser("b"), ofUser("c")});
    BOOST_TEST(pending.unpublished(2).size() == 2U);
    BOOST_TEST(pending.unpublished(3).size() == 3U);
}

BOOST_AUTO_TEST_CASE(oldOnesAreForgotten) {
    PendingRevocations pending;
    pending.addUnpublished({ofUser("a", 99), ofUser("b", 100)});
    pending.setSent({ofUser("c", 99), ofUser("d", 100)}, start);
    pending.forgetBefore(100);
    BOOST_TEST(pending.unpublishedCount() == 1U);
    pending.setAllUnpublished();
    BOOST_TEST(pending.unpublishedCount() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
