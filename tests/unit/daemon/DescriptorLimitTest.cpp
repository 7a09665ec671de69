#include "daemon/DescriptorLimit.h"

#include <sys/resource.h>

#include <boost/test/unit_test.hpp>

using changebank::daemon::DescriptorLimit;

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
    rlimit before{};
    BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit low{before.rlim_max / 2, before.rlim_max};
    BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
    BOOST_TEST(DescriptorLimit::current().descriptors() == low.rlim_cur);
    DescriptorLimit::raise();
    BOOST_TEST(DescriptorLimit::current().descriptors() == before.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &before);
}

BOOST_AUTO_TEST_SUITE_END()
