#include "changebank/daemon/listeners/ListenerPurpose.h"

#include <boost/test/unit_test.hpp>

using namespace changebank::daemon;

BOOST_AUTO_TEST_SUITE(ListenerPurposeTest)

BOOST_AUTO_TEST_CASE(theApiListensOnItsSocketInsteadOfHostAndPort) {
    Settings settings;
    settings.server.host = "127.0.0.1";
    settings.server.port = 3000;
    BOOST_TEST(addressOf(ListenerPurpose::api, settings)->toText() == "127.0.0.1:3000");
    BOOST_TEST(settingOf(ListenerPurpose::api, settings) == "server.port");
    settings.server.socket = "/run/api.sock";
    BOOST_TEST(addressOf(ListenerPurpose::api, settings)->toText() == "/run/api.sock");
    BOOST_TEST(addressOf(ListenerPurpose::api, settings)->isUnix());
    BOOST_TEST(settingOf(ListenerPurpose::api, settings) == "server.socket");
    BOOST_TEST(settingOf(ListenerPurpose::metrics, settings) == "metrics.port");
}

BOOST_AUTO_TEST_SUITE_END()
