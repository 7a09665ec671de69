#include "changebank/daemon/process/DescriptorLimit.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/ResourceLimit.h"

using changebank::daemon::DescriptorLimit;
using changebank::tests::ResourceLimit;

BOOST_AUTO_TEST_SUITE(DescriptorLimitTest)

BOOST_AUTO_TEST_CASE(connectionsLeaveRoomForTheRest) {
    BOOST_TEST(DescriptorLimit(65536).connections() == 65280U);
    BOOST_TEST(DescriptorLimit(1024).connections() == 768U);
    BOOST_TEST(DescriptorLimit(512).connections() == 256U);
    BOOST_TEST(DescriptorLimit(511).connections() == 255U);
    BOOST_TEST(DescriptorLimit(64).connections() == 32U);
    BOOST_TEST(DescriptorLimit(0).connections() == 1U);
}

BOOST_AUTO_TEST_CASE(theSoftLimitIsRaisedToTheHardOne) {
    const auto most = ResourceLimit::most(RLIMIT_NOFILE);
    const ResourceLimit half(RLIMIT_NOFILE, most / 2);
    BOOST_TEST(DescriptorLimit::current().descriptors() == most / 2);
    DescriptorLimit::raise();
    BOOST_TEST(DescriptorLimit::current().descriptors() == most);
}

BOOST_AUTO_TEST_SUITE_END()
