#include "changebank/security/limit/ClientNetwork.h"

#include <boost/test/unit_test.hpp>
#include <string>

using changebank::security::ClientNetwork;
using Poco::Net::SocketAddress;

namespace {

std::string networkOf(const std::string& host, ClientNetwork::Prefixes prefixes = {}) {
    const auto network = ClientNetwork::of(SocketAddress(host, static_cast<Poco::UInt16>(4711)), prefixes);
    return network ? std::string(network->bytes()) : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ClientNetworkTest)

BOOST_AUTO_TEST_CASE(byDefaultEachIpv4AddressIsANetwork) {
    BOOST_TEST(networkOf("192.0.2.1") == std::string("\x04\xc0\x00\x02\x01", 5));
    BOOST_TEST(networkOf("192.0.2.1") != networkOf("192.0.2.2"));
    BOOST_TEST((ClientNetwork::of(SocketAddress("192.0.2.1", static_cast<Poco::UInt16>(1)), {})->bytes() ==
                networkOf("192.0.2.1")));
}

BOOST_AUTO_TEST_CASE(byDefaultTheFirst64BitsOfAnIpv6AddressAreTheNetwork) {
    BOOST_TEST(networkOf("2001:db8::1") == networkOf("2001:db8::ffff:ffff:ffff:ffff"));
    BOOST_TEST(networkOf("2001:db8::1") != networkOf("2001:db8:0:1::1"));
}

BOOST_AUTO_TEST_CASE(theBitsThatCountCanBeChosen) {
    BOOST_TEST(networkOf("10.1.255.1", {20, 64}) == networkOf("10.1.240.9", {20, 64}));
    BOOST_TEST(networkOf("10.1.255.1", {20, 64}) != networkOf("10.1.239.9", {20, 64}));
    BOOST_TEST(networkOf("10.1.2.3", {0, 64}) == networkOf("203.0.113.1", {0, 64}));
    BOOST_TEST(networkOf("2001:db8:0:ff::1", {32, 56}) == networkOf("2001:db8:0:1::1", {32, 56}));
    BOOST_TEST(networkOf("2001:db8:0:1ff::1", {32, 56}) != networkOf("2001:db8:0:1::1", {32, 56}));
    BOOST_TEST(networkOf("2001:db8::1", {32, 128}) != networkOf("2001:db8::2", {32, 128}));
}

BOOST_AUTO_TEST_CASE(aMappedAddressIsTheIpv4Address) {
    BOOST_TEST(networkOf("::ffff:192.0.2.1") == networkOf("192.0.2.1"));
    BOOST_TEST(networkOf("::ffff:192.0.2.1", {24, 64}) == networkOf("192.0.2.9", {24, 64}));
    // Not one of all others.
    BOOST_TEST(networkOf("::1") != networkOf("0.0.0.0", {0, 0}));
}

BOOST_AUTO_TEST_CASE(aUnixSocketHasNone) {
    BOOST_TEST(!ClientNetwork::of(SocketAddress(SocketAddress::UNIX_LOCAL, std::string("/run/x")), {}));
}

BOOST_AUTO_TEST_SUITE_END()
