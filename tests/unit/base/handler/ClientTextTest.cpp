#include "changebank/base/handler/ClientText.h"

#include <boost/test/unit_test.hpp>

using changebank::clientText;
using Poco::Net::SocketAddress;

BOOST_AUTO_TEST_SUITE(ClientTextTest)

BOOST_AUTO_TEST_CASE(AnUnknownPortIsNotWritten) {
    BOOST_TEST(clientText({"192.0.2.1", 4711}) == "192.0.2.1:4711");
    BOOST_TEST(clientText({"192.0.2.1", 0}) == "192.0.2.1");
    BOOST_TEST(clientText({"2001:db8::1", 4711}) == "[2001:db8::1]:4711");
    BOOST_TEST(clientText({"2001:db8::1", 0}) == "2001:db8::1");
    BOOST_TEST(clientText(SocketAddress(SocketAddress::UNIX_LOCAL, "/run/x")) == "/run/x");
}

BOOST_AUTO_TEST_CASE(AMappedAddressIsWrittenAsTheIpv4Address) {
    BOOST_TEST(clientText({"::ffff:192.0.2.1", 4711}) == "192.0.2.1:4711");
    BOOST_TEST(clientText({"::ffff:192.0.2.1", 0}) == "192.0.2.1");
    BOOST_TEST(clientText({"::192.0.2.1", 0}) != "192.0.2.1");
}

BOOST_AUTO_TEST_SUITE_END()
