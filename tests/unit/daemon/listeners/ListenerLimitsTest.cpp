#include "changebank/daemon/listeners/ListenerLimits.h"

#include <boost/test/unit_test.hpp>

#include "changebank/daemon/process/DescriptorLimit.h"

using namespace changebank::daemon;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(ListenerLimitsTest)

BOOST_AUTO_TEST_CASE(aClientCanHoldFewOfTheConnectionsForEventsAndNotForLong) {
    Settings settings;
    settings.revocation.webhookMaxBodyBytes = 12'345;
    const auto limits = limitsOf(ListenerPurpose::revocation, settings);
    BOOST_TEST(limits.maxConnectionsPerClient > 0U);
    BOOST_TEST(limits.maxConnectionsPerClient <= limits.maxConnections / 2);
    BOOST_TEST((limits.headerTimeout <= 5s));
    BOOST_TEST((limits.bodyTimeout <= 5s));
    BOOST_TEST((limits.idleTimeout <= 10s));
    BOOST_TEST(limits.maxBodyBytes == 12'345U);
}

BOOST_AUTO_TEST_CASE(anEventThatWaitsForTheDiskLeavesThreadsToOthers) {
    BOOST_TEST(limitsOf(ListenerPurpose::revocation, {}).blockingThreads >= 8);
}

BOOST_AUTO_TEST_CASE(theApiLeavesDescriptorsToTheReceiverOfEvents) {
    const auto available = DescriptorLimit::current().connections();
    Settings settings;
    settings.server.limits.maxConnections = available;
    BOOST_TEST(limitsOf(ListenerPurpose::api, settings).maxConnections == available);
    settings.revocation.listen = ListenerAddress::parse("127.0.0.1:0");
    BOOST_TEST(limitsOf(ListenerPurpose::api, settings).maxConnections +
                   limitsOf(ListenerPurpose::revocation, settings).maxConnections ==
               available);
}

BOOST_AUTO_TEST_CASE(operatorsNeedLittle) {
    for (const auto purpose : {ListenerPurpose::metrics, ListenerPurpose::admin})
        BOOST_TEST(limitsOf(purpose, {}).maxConnections == 64U);
}

BOOST_AUTO_TEST_SUITE_END()
