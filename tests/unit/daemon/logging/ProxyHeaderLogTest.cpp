#include "changebank/daemon/logging/ProxyHeaderLog.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/ManualClock.h"
#include "tests/unit/daemon/RecordingLog.h"

using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::tests::ManualClock;
using Poco::Net::SocketAddress;

BOOST_AUTO_TEST_SUITE(ProxyHeaderLogTest)

BOOST_AUTO_TEST_CASE(namesTheProxyAndWhatToDo) {
    const RecordingLog recording(Poco::Message::PRIO_WARNING);
    ManualClock clock;
    ProxyHeaderLog log(clock);
    log.report(SocketAddress("10.0.0.7", 4711));
    BOOST_TEST(
        recording.text() ==
        "4 server.proxyProtocol is true, and 10.0.0.7 is in server.trustedProxies, but a connection of "
        "it did not begin with a PROXY header, and was closed; let the proxy send one (HAProxy: "
        "send-proxy-v2, and check-send-proxy for checks), or trust it no longer\n");
}

BOOST_AUTO_TEST_CASE(namesAUnixSocketAsTheSettingDoes) {
    const RecordingLog recording(Poco::Message::PRIO_WARNING);
    ManualClock clock;
    ProxyHeaderLog log(clock);
    log.report(SocketAddress(SocketAddress::UNIX_LOCAL, "/run/x"));
    BOOST_TEST(recording.text().find("and unix is in server.trustedProxies") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(logsOneLineInTenSecondsAndCountsTheOthers) {
    const RecordingLog recording(Poco::Message::PRIO_WARNING);
    ManualClock clock;
    ProxyHeaderLog log(clock);
    for (const auto* proxy : {"10.0.0.7", "10.0.0.8"})
        log.report(SocketAddress(proxy, 1));
    BOOST_TEST(recording.text().find("10.0.0.8") == std::string::npos);
    clock.advance(10s);
    log.report(SocketAddress("10.0.0.9", 1));
    BOOST_TEST(recording.text().find("10.0.0.9") != std::string::npos);
    BOOST_TEST(recording.text().find("(1 more since the last such line)") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
