#include "changebank/daemon/http/loop/ServerLimits.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::http;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(ServerLimitsTest)

BOOST_AUTO_TEST_CASE(DefaultsAreThoseOfTheConfiguration) {
    const ServerLimits limits;
    BOOST_TEST((limits.headerTimeout == 10s));
    BOOST_TEST((limits.bodyTimeout == 10s));
    BOOST_TEST((limits.idleTimeout == 75s));
    BOOST_TEST((limits.writeTimeout == 10s));
    BOOST_TEST((limits.drainDelay == 0s));
    BOOST_TEST((limits.drainTimeout == 30s));
    BOOST_TEST(limits.maxConnections == 10'000U);
    BOOST_TEST(limits.maxConnectionsPerClient == 0U);
    BOOST_TEST(limits.maxHeaderBytes == 32U * 1024);
    BOOST_TEST(limits.maxBodyBytes == 64U * 1024);
    BOOST_TEST(limits.threads == 0U);
    BOOST_TEST((limits.hstsMaxAge == 0s));
}

BOOST_AUTO_TEST_SUITE_END()
