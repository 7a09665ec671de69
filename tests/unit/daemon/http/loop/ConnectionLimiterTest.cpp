#include "changebank/daemon/http/loop/ConnectionLimiter.h"

#include <boost/test/unit_test.hpp>

using changebank::http::ConnectionLimiter;
using changebank::http::ServerLimits;
using Poco::Net::SocketAddress;

namespace {

ServerLimits limitsOf(std::size_t total, std::size_t perClient, unsigned ipv6Prefix = 64) {
    ServerLimits limits;
    limits.maxConnections = total;
    limits.maxConnectionsPerClient = perClient;
    limits.ipv6ClientPrefix = ipv6Prefix;
    return limits;
}

/// Whether both addresses are one client.
bool areOneClient(const std::string& one, const std::string& other, unsigned ipv6Prefix = 64) {
    ConnectionLimiter limiter(limitsOf(10, 1, ipv6Prefix));
    const auto slot = limiter.admit({one, 1});
    return !limiter.admit({other, 2}).has_value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ConnectionLimiterTest)

BOOST_AUTO_TEST_CASE(CountsAll) {
    ConnectionLimiter limiter(limitsOf(2, 0));
    auto first = limiter.admit({"1.1.1.1", 1});
    {
        const auto second = limiter.admit({"1.1.1.1", 2});
        BOOST_TEST(second.has_value());
        BOOST_TEST(!limiter.admit({"2.2.2.2", 1}).has_value());
    }
    BOOST_TEST(limiter.admit({"2.2.2.2", 1}).has_value());
    const auto moved = std::move(*first);
    first.reset();
    const auto third = limiter.admit({"2.2.2.2", 1});
    BOOST_TEST(!limiter.admit({"2.2.2.2", 1}).has_value());
}

BOOST_AUTO_TEST_CASE(CountsByAddressWhateverThePort) {
    ConnectionLimiter limiter(limitsOf(10, 1));
    {
        const auto first = limiter.admit({"1.1.1.1", 1});
        BOOST_TEST(!limiter.admit({"1.1.1.1", 2}).has_value());
        BOOST_TEST(limiter.admit({"1.1.1.2", 2}).has_value());
        BOOST_TEST(limiter.admit({"::1", 2}).has_value());
    }
    BOOST_TEST(limiter.admit({"1.1.1.1", 1}).has_value());
}

BOOST_AUTO_TEST_CASE(AnIpv6ClientIsAPrefix) {
    BOOST_TEST(areOneClient("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
    BOOST_TEST(!areOneClient("2001:db8:1:2::1", "2001:db8:1:3::1"));
    BOOST_TEST(areOneClient("2001:db8:1:2::1", "2001:db8:1:3::1", 48));
    BOOST_TEST(!areOneClient("2001:db8:1:2::1", "2001:db8:2:2::1", 48));
    BOOST_TEST(areOneClient("2001:db8:1:2::1", "2001:db8:1:3::1", 63));
    BOOST_TEST(!areOneClient("2001:db8:1:2::1", "2001:db8:1:4::1", 61 + 1));
    BOOST_TEST(!areOneClient("2001:db8::1", "2001:db8::2", 128));
    BOOST_TEST(areOneClient("2001:db8::1", "2001:db8::1", 128));
    BOOST_TEST(!areOneClient("2001:db8::1", "2001:db8::3", 127));
    BOOST_TEST(areOneClient("2001:db8::2", "2001:db8::3", 127));
}

// A listener on :: sees them so; they share a prefix.
BOOST_AUTO_TEST_CASE(AnIpv4ClientIsAnAddressAlsoIfItIsMappedToIpv6) {
    BOOST_TEST(!areOneClient("::ffff:1.1.1.1", "::ffff:1.1.1.2"));
    BOOST_TEST(areOneClient("::ffff:1.1.1.1", "::ffff:1.1.1.1"));
    BOOST_TEST(areOneClient("::ffff:1.1.1.1", "1.1.1.1"));
    BOOST_TEST(!areOneClient("101:101::", "1.1.1.1", 32));
}

BOOST_AUTO_TEST_CASE(AnotherPrefixCountsForLaterConnections) {
    ConnectionLimiter limiter(limitsOf(10, 1, 64));
    const auto first = limiter.admit({"2001:db8:1:2::1", 1});
    limiter.setLimits(limitsOf(10, 1, 128));
    const auto second = limiter.admit({"2001:db8:1:2::1", 2});
    BOOST_TEST(second.has_value());
    BOOST_TEST(!limiter.admit({"2001:db8:1:2::1", 3}).has_value());
}

BOOST_AUTO_TEST_CASE(ARejectedClientTakesNoSlot) {
    ConnectionLimiter limiter(limitsOf(2, 1));
    const auto first = limiter.admit({"1.1.1.1", 1});
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(!limiter.admit({"1.1.1.1", 2}).has_value());
    BOOST_TEST(limiter.admit({"1.1.1.2", 2}).has_value());
}

BOOST_AUTO_TEST_CASE(UnixClientsCountInAllOnly) {
    ConnectionLimiter limiter(limitsOf(2, 1));
    const SocketAddress address(SocketAddress::UNIX_LOCAL, "/s");
    const auto first = limiter.admit(address);
    const auto second = limiter.admit(address);
    BOOST_TEST(second.has_value());
    BOOST_TEST(!limiter.admit(address).has_value());
}

BOOST_AUTO_TEST_CASE(ChangedLimitsCountExistingSlots) {
    ConnectionLimiter limiter(limitsOf(2, 0));
    const auto first = limiter.admit({"1.1.1.1", 1});
    const auto second = limiter.admit({"1.1.1.1", 2});
    limiter.setLimits(limitsOf(4, 2));
    BOOST_TEST(!limiter.admit({"1.1.1.1", 3}).has_value());
    const auto third = limiter.admit({"1.1.1.2", 1});
    BOOST_TEST(third.has_value());
    limiter.setLimits(limitsOf(1, 0));
    BOOST_TEST(!limiter.admit({"1.1.1.3", 1}).has_value());
    limiter.setLimits(limitsOf(4, 0));
    BOOST_TEST(limiter.admit({"1.1.1.1", 3}).has_value());
}

BOOST_AUTO_TEST_CASE(AProxysConnectionCountsForItsClientOnceThatIsKnown) {
    ConnectionLimiter limiter(limitsOf(4, 1));
    auto first = limiter.admitProxy();
    auto second = limiter.admitProxy();
    BOOST_TEST_REQUIRE(second.has_value());
    auto share = limiter.admitConnection({"1.1.1.1", 1});
    BOOST_TEST_REQUIRE(share.has_value());
    first->countFor(std::move(*share));
    BOOST_TEST(!limiter.admitConnection({"1.1.1.1", 2}).has_value());
    BOOST_TEST(!limiter.admit({"1.1.1.1", 2}).has_value());
    second->countFor(std::move(*limiter.admitConnection({"2.2.2.2", 1})));
    *second = std::move(*first);
    BOOST_TEST(limiter.admit({"2.2.2.2", 1}).has_value(), "its slot was given back");
    BOOST_TEST(!limiter.admit({"1.1.1.1", 2}).has_value(), "the other one was moved");
    second.reset();
    BOOST_TEST(limiter.admit({"1.1.1.1", 2}).has_value());
}

BOOST_AUTO_TEST_CASE(ProxiesCountInTotal) {
    ConnectionLimiter limiter(limitsOf(2, 1));
    const auto first = limiter.admitProxy();
    const auto second = limiter.admitProxy();
    BOOST_TEST(second.has_value());
    BOOST_TEST(!limiter.admitProxy().has_value());
}

BOOST_AUTO_TEST_CASE(RequestsCountLikeConnectionsButNotInTotal) {
    ConnectionLimiter limiter(limitsOf(1, 2));
    auto first = limiter.admitRequest({"1.1.1.1", 0});
    const auto second = limiter.admitRequest({"1.1.1.1", 0});
    BOOST_TEST(second.has_value());
    BOOST_TEST(!limiter.admitRequest({"::ffff:1.1.1.1", 0}).has_value());
    BOOST_TEST(limiter.admit({"2.2.2.2", 1}).has_value());
    first = ConnectionLimiter::Share();
    BOOST_TEST(limiter.admitRequest({"1.1.1.1", 0}).has_value());
}

BOOST_AUTO_TEST_CASE(WithoutALimitRequestsAreNotCounted) {
    ConnectionLimiter limiter(limitsOf(1, 0));
    const auto first = limiter.admitRequest({"1.1.1.1", 0});
    limiter.setLimits(limitsOf(1, 1));
    BOOST_TEST(limiter.admitRequest({"1.1.1.1", 0}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
