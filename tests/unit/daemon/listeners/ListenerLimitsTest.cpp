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

BOOST_AUTO_TEST_CASE(theApiLeavesDescriptorsToTheDecisionEndpoint) {
    const auto available = DescriptorLimit::current().connections();
    Settings settings;
    settings.server.limits.maxConnections = available;
    settings.decision.listen = ListenerAddress::parse("127.0.0.1:0");
    const auto decisions = limitsOf(ListenerPurpose::decision, settings).maxConnections;
    BOOST_TEST(decisions <= 4'000U);
    BOOST_TEST(limitsOf(ListenerPurpose::api, settings).maxConnections + decisions == available);
}

BOOST_AUTO_TEST_CASE(aProxyThatAsksForDecisionsHasTheTimeOfTheApiAndAnyNumberOfConnections) {
    Settings settings;
    settings.server.limits.headerTimeout = 3s;
    settings.server.limits.drainDelay = 7s;
    settings.server.limits.threads = 2;
    settings.server.limits.maxHeaderBytes = 12'345;
    settings.server.limits.maxConnectionsPerClient = 5;
    auto decisions = limitsOf(ListenerPurpose::decision, settings);
    BOOST_TEST(decisions.maxConnectionsPerClient == 0U);
    BOOST_TEST(decisions.proxies != nullptr);
    // Those that a trusted proxy names are limited one by one.
    auto trusting = settings;
    trusting.server.proxies.proxies = changebank::http::TrustedProxies({"10.0.0.1"});
    BOOST_TEST(limitsOf(ListenerPurpose::decision, trusting).maxConnectionsPerClient == 5U);
    trusting = settings;
    trusting.decision.listen = ListenerAddress::parse("/run/decision.sock");
    BOOST_TEST(limitsOf(ListenerPurpose::decision, trusting).maxConnectionsPerClient == 5U);
    decisions.maxConnections = settings.server.limits.maxConnections;
    decisions.maxConnectionsPerClient = 5;
    decisions.proxies = settings.server.limits.proxies;
    BOOST_TEST((decisions == settings.server.limits));
}

BOOST_AUTO_TEST_CASE(aRequestToTryFitsIntoTheAdminSocket) {
    Settings settings;
    settings.server.limits.maxHeaderBytes = 1'000'000;
    BOOST_TEST(limitsOf(ListenerPurpose::admin, settings).maxBodyBytes > 2'000'000U);
    BOOST_TEST(limitsOf(ListenerPurpose::metrics, settings).maxBodyBytes < 10'000U);
}

BOOST_AUTO_TEST_CASE(operatorsNeedLittle) {
    for (const auto purpose : {ListenerPurpose::metrics, ListenerPurpose::admin})
        BOOST_TEST(limitsOf(purpose, {}).maxConnections == 64U);
}

namespace {

Settings behindProxy() {
    Settings settings;
    settings.server.proxies = {changebank::http::TrustedProxies({"10.0.0.1"}),
                               changebank::http::ForwardedField::forwarded, true};
    settings.server.limits.proxies =
        std::make_shared<const changebank::http::ProxyTrust>(settings.server.proxies);
    return settings;
}

}  // namespace

BOOST_AUTO_TEST_CASE(proxiesNameTheClientsOfTheApiAndInTheFieldThoseThatSendEvents) {
    const auto settings = behindProxy();
    BOOST_TEST((limitsOf(ListenerPurpose::api, settings).proxies == settings.server.limits.proxies));
    const auto events = limitsOf(ListenerPurpose::revocation, settings).proxies;
    BOOST_TEST_REQUIRE(events);
    BOOST_TEST(!events->usesProxyProtocol);
    BOOST_TEST((events->proxies == settings.server.proxies.proxies));
    for (const auto purpose : {ListenerPurpose::metrics, ListenerPurpose::admin})
        BOOST_TEST(!limitsOf(purpose, settings).proxies);
    for (const auto purpose : {ListenerPurpose::api, ListenerPurpose::revocation})
        BOOST_TEST(!limitsOf(purpose, {}).proxies);
}

BOOST_AUTO_TEST_CASE(clientsOfAUnixSocketNameThoseBehindADecisionToo) {
    const auto decisions = proxiesBeforeDecisions(behindProxy());
    BOOST_TEST((decisions->proxies == changebank::http::TrustedProxies({"10.0.0.1", "unix"})));
    BOOST_TEST((decisions->field == changebank::http::ForwardedField::xForwardedFor),
               "whatever field the API's proxies set, those that ask may hand on their client's");
    BOOST_TEST((limitsOf(ListenerPurpose::decision, behindProxy()).proxies->field == decisions->field));
    BOOST_TEST((limitsOf(ListenerPurpose::api, behindProxy()).proxies->field ==
                changebank::http::ForwardedField::forwarded));
    BOOST_TEST(!decisions->usesProxyProtocol);
    BOOST_TEST((proxiesBeforeDecisions({})->proxies == changebank::http::TrustedProxies({"unix"})));
}

BOOST_AUTO_TEST_CASE(theApiAndDecisionsAreTraced) {
    Settings settings;
    settings.trace.sampling = changebank::TraceSampling::ofRatio(0.5);
    for (const auto purpose : {ListenerPurpose::api, ListenerPurpose::decision})
        BOOST_TEST((limitsOf(purpose, settings).tracing == settings.trace.sampling));
    for (const auto purpose : {ListenerPurpose::admin, ListenerPurpose::metrics, ListenerPurpose::revocation})
        BOOST_TEST(!limitsOf(purpose, settings).tracing.isOn);
}

BOOST_AUTO_TEST_SUITE_END()
