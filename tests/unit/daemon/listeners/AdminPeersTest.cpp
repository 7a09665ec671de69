#include "changebank/daemon/listeners/AdminPeers.h"

#include <unistd.h>

#include <boost/test/unit_test.hpp>

using changebank::daemon::isAdminPeer;

BOOST_AUTO_TEST_SUITE(AdminPeersTest)

BOOST_AUTO_TEST_CASE(rootOurselvesAndOurGroupMayEnter) {
    const auto user = ::geteuid();
    const auto group = ::getegid();
    const uid_t stranger = user + 1;
    const gid_t strangers = group + 1;
    BOOST_TEST(isAdminPeer({1, 0, strangers, {}}));
    BOOST_TEST(isAdminPeer({1, user, strangers, {}}));
    BOOST_TEST(isAdminPeer({1, stranger, group, {}}));
    BOOST_TEST(isAdminPeer({1, stranger, strangers, {strangers, group}}));
    BOOST_TEST(!isAdminPeer({1, stranger, strangers, {}}));
    BOOST_TEST(!isAdminPeer({1, stranger, strangers, {strangers, strangers + 1}}));
}

BOOST_AUTO_TEST_CASE(rootMayEnterWhereWeAreSomebodyElse) {
    const auto own = ::geteuid();
    const gid_t strangers = ::getegid() + 1;
    // Tests that root runs become somebody else meanwhile, where they may.
    const bool isChanged = own == 0 && ::seteuid(65534) == 0;
    const bool mayEnter = isAdminPeer({1, 0, strangers, {}});
    if (isChanged) BOOST_REQUIRE(::seteuid(own) == 0);
    BOOST_TEST(mayEnter);
}

BOOST_AUTO_TEST_SUITE_END()
