#include "changebank/daemon/revocation/PendingRevocations.h"

#include <boost/test/unit_test.hpp>
#include <string>

using changebank::daemon::PendingRevocations;
using changebank::security::Revocation;

namespace {

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
    pending.setSent({ofUser("a", 299)});
    BOOST_TEST(pending.unpublishedCount() == 1U);
    pending.setSent({ofUser("a", 300)});
    BOOST_TEST(pending.unpublishedCount() == 0U);
}

BOOST_AUTO_TEST_CASE(whatWasSentIsUnpublishedAgainUntilItIsRead) {
    PendingRevocations pending;
    pending.setSent({ofUser("a"), ofUser("b")});
    BOOST_TEST(pending.unpublishedCount() == 0U);
    pending.setRead(ofUser("a"));
    pending.setAllUnpublished();
    BOOST_REQUIRE(pending.unpublishedCount() == 1U);
    BOOST_TEST(pending.unpublished(10).front().user == "b");
}

BOOST_AUTO_TEST_CASE(aFailureDoesNotMatterOnceItWasRead) {
    PendingRevocations pending;
    pending.setSent({ofUser("a"), ofUser("b")});
    pending.setRead(ofUser("a"));
    BOOST_TEST(!pending.setFailed(ofUser("a")));
    BOOST_TEST(pending.setFailed(ofUser("b")));
    BOOST_TEST(pending.unpublishedCount() == 1U);
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
    pending.setSent({ofUser("c", 99), ofUser("d", 100)});
    pending.forgetBefore(100);
    BOOST_TEST(pending.unpublishedCount() == 1U);
    pending.setAllUnpublished();
    BOOST_TEST(pending.unpublishedCount() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
