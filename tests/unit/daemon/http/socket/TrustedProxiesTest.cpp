#include "changebank/daemon/http/socket/TrustedProxies.h"

#include <Poco/Exception.h>

#include <boost/test/unit_test.hpp>

using changebank::http::TrustedProxies;
using Poco::Net::SocketAddress;

namespace {

bool trusts(const std::vector<std::string>& entries, const std::string& host) {
    return TrustedProxies(entries).contains({host, 4711});
}

const SocketAddress local(SocketAddress::UNIX_LOCAL, "/run/socket");

}  // namespace

BOOST_AUTO_TEST_SUITE(TrustedProxiesTest)

BOOST_AUTO_TEST_CASE(ByDefaultNobodyIsTrusted) {
    BOOST_TEST(TrustedProxies().empty());
    BOOST_TEST(!TrustedProxies().contains({"127.0.0.1", 1}));
    BOOST_TEST(!TrustedProxies().contains({"::1", 1}));
    BOOST_TEST(!TrustedProxies().contains(local));
}

BOOST_AUTO_TEST_CASE(AnAddressIsThatAddressAlone) {
    BOOST_TEST(!TrustedProxies({"10.1.2.3"}).empty());
    BOOST_TEST(trusts({"10.1.2.3"}, "10.1.2.3"));
    BOOST_TEST(!trusts({"10.1.2.3"}, "10.1.2.2"));
    BOOST_TEST(trusts({"2001:db8::1"}, "2001:db8::1"));
    BOOST_TEST(!trusts({"2001:db8::1"}, "2001:db8::"));
    BOOST_TEST(!TrustedProxies({"10.1.2.3"}).contains(local));
}

BOOST_AUTO_TEST_CASE(ANetworkIsTheAddressesWithItsPrefix) {
    BOOST_TEST(trusts({"10.0.0.0/8"}, "10.255.255.255"));
    BOOST_TEST(!trusts({"10.0.0.0/8"}, "11.0.0.0"));
    BOOST_TEST(trusts({"172.16.0.0/12"}, "172.31.255.255"));
    BOOST_TEST(!trusts({"172.16.0.0/12"}, "172.32.0.0"));
    BOOST_TEST(trusts({"192.0.2.254/31"}, "192.0.2.255"));
    BOOST_TEST(!trusts({"192.0.2.254/31"}, "192.0.2.253"));
    BOOST_TEST(trusts({"192.0.2.1/32"}, "192.0.2.1"));
    BOOST_TEST(trusts({"2001:db8::/33"}, "2001:db8:7fff::1"));
    BOOST_TEST(!trusts({"2001:db8::/33"}, "2001:db8:8000::1"));
    BOOST_TEST(trusts({"128.0.0.0/9"}, "128.127.1.1"));
    BOOST_TEST(!trusts({"128.0.0.0/9"}, "128.128.1.1"));
    BOOST_TEST(trusts({"192.0.2.1", "10.0.0.0/8"}, "10.1.1.1"));
}

// RFC 4291 section 2.5.5.2.
BOOST_AUTO_TEST_CASE(AMappedAddressIsTheIpv4Address) {
    BOOST_TEST(trusts({"10.0.0.0/8"}, "::ffff:10.1.1.1"));
    BOOST_TEST(!trusts({"10.0.0.0/8"}, "::ffff:11.1.1.1"));
    BOOST_TEST(trusts({"::ffff:10.0.0.0/104"}, "10.1.1.1"));
    BOOST_TEST(!trusts({"10.0.0.0/8"}, "a00::"));
    BOOST_TEST(!trusts({"10.0.0.0/8"}, "::10.1.1.1"));
}

BOOST_AUTO_TEST_CASE(UnixIsEveryClientOfAUnixSocket) {
    BOOST_TEST(TrustedProxies({"unix"}).contains(local));
    BOOST_TEST(TrustedProxies({"unix"}).contains(SocketAddress(SocketAddress::UNIX_LOCAL, "")));
    BOOST_TEST(!TrustedProxies({"unix"}).empty());
    BOOST_TEST(!trusts({"unix"}, "127.0.0.1"));
    const auto both = TrustedProxies({"10.0.0.1"}).withUnix();
    BOOST_TEST(both.contains(local));
    BOOST_TEST(both.contains({"10.0.0.1", 1}));
    BOOST_TEST((both == TrustedProxies({"10.0.0.1", "unix"})));
}

BOOST_AUTO_TEST_CASE(AFaultIsNamed) {
    const auto has = [](const char* entry, const std::string& fault) {
        const auto why = TrustedProxies::faultOf(entry);
        BOOST_TEST_REQUIRE(why.has_value(), entry);
        BOOST_TEST(*why == fault, entry << " " << *why);
        BOOST_CHECK_THROW(TrustedProxies({entry}), Poco::InvalidArgumentException);
    };
    for (const auto* entry : {"", "*", "all", "Unix", "unix:", "proxy.example", "10.0.0", "10.0.0.0.1",
                              "010.0.0.1", "[::1]", "/8", "10.0.0.1:80", "fe80::1%eth0"})
        has(entry, "is neither an IP address, nor a network such as 10.0.0.0/8, nor unix");
    for (const auto* entry :
         {"10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/255.0.0.0"})
        has(entry, "has a prefix that is not a number up to 32");
    has("2001:db8::/129", "has a prefix that is not a number up to 128");
    for (const auto* entry : {"10.0.0.1/8", "10.0.0.3/31", "2001:db8::1/64", "2001:db8:8000::/32"})
        has(entry, "has bits behind its prefix");
    for (const auto* entry : {"0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/7", "::/0", "fc00::/6", "::ffff:0:0/96",
                              "::ffff:0.0.0.0/97", "::/64", "::/1"})
        has(entry, "is wider than a network of proxies can be: it trusts strangers");
    for (const auto* entry : {"10.0.0.0/8", "fc00::/7"})
        BOOST_TEST(!TrustedProxies::faultOf(entry), entry);
    for (const auto* entry : {"unix", "::1", "::/128", "::ffff:10.0.0.0/104"})
        BOOST_TEST(!TrustedProxies::faultOf(entry).has_value(), entry);
}

BOOST_AUTO_TEST_SUITE_END()
