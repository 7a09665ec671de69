#include "changebank/daemon/settings/values/ListenerAddress.h"

#include <boost/test/unit_test.hpp>

using changebank::daemon::ListenerAddress;

BOOST_AUTO_TEST_SUITE(ListenerAddressTest)

BOOST_AUTO_TEST_CASE(aHostAndAPortOrAPath) {
    BOOST_TEST((ListenerAddress::parse("127.0.0.1:3001") == ListenerAddress{"127.0.0.1", 3001}));
    BOOST_TEST((ListenerAddress::parse("localhost:0") == ListenerAddress{"localhost", 0}));
    BOOST_TEST((ListenerAddress::parse("[::1]:65535") == ListenerAddress{"::1", 65535}));
    const auto path = ListenerAddress::parse("/run/changebank/events.sock");
    BOOST_REQUIRE(path.has_value());
    BOOST_TEST(path->isUnix());
    BOOST_TEST(path->host == "/run/changebank/events.sock");
}

BOOST_AUTO_TEST_CASE(itsTextIsReadAgain) {
    for (const auto* text : {"127.0.0.1:3001", "[::1]:3001", "localhost:0", "/run/changebank/events.sock"})
        BOOST_TEST(ListenerAddress::parse(text)->toText() == text);
}

BOOST_AUTO_TEST_CASE(anythingElseIsNoAddress) {
    for (const auto* text :
         {"", "3001", ":3001", "localhost", "localhost:", "localhost:65536", "localhost:-1", "localhost:http",
          "::1:3001", "[localhost]:3001", "[]:3001", "run/events.sock"})
        BOOST_TEST(!ListenerAddress::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
