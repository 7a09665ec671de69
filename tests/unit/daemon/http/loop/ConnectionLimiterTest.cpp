#include "changebank/daemon/http/loop/ConnectionLimiter.h"

#include <boost/test/unit_test.hpp>

using changebank::http::ConnectionLimiter;
using Poco::Net::SocketAddress;

BOOST_AUTO_TEST_SUITE(ConnectionLimiterTest)

BOOST_AUTO_TEST_CASE(CountsAll) {
    ConnectionLimiter limiter(2, 0);
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
    ConnectionLimiter limiter(10, 1);
    {
        const auto first = limiter.admit({"1.1.1.1", 1});
        BOOST_TEST(!limiter.admit({"1.1.1.1", 2}).has_value());
        BOOST_TEST(limiter.admit({"1.1.1.2", 2}).has_value());
        BOOST_TEST(limiter.admit({"::1", 2}).has_value());
    }
    BOOST_TEST(limiter.admit({"1.1.1.1", 1}).has_value());
}

BOOST_AUTO_TEST_CASE(ARejectedClientTakesNoSlot) {
    ConnectionLimiter limiter(2, 1);
    const auto first = limiter.admit({"1.1.1.1", 1});
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(!limiter.admit({"1.1.1.1", 2}).has_value());
    BOOST_TEST(limiter.admit({"1.1.1.2", 2}).has_value());
}

BOOST_AUTO_TEST_CASE(UnixClientsCountInAllOnly) {
    ConnectionLimiter limiter(2, 1);
    const SocketAddress address(SocketAddress::UNIX_LOCAL, "/s");
    const auto first = limiter.admit(address);
    const auto second = limiter.admit(address);
    BOOST_TEST(second.has_value());
    BOOST_TEST(!limiter.admit(address).has_value());
}

BOOST_AUTO_TEST_CASE(ChangedLimitsCountExistingSlots) {
    ConnectionLimiter limiter(2, 0);
    const auto first = limiter.admit({"1.1.1.1", 1});
    const auto second = limiter.admit({"1.1.1.1", 2});
    limiter.setLimits(4, 2);
    BOOST_TEST(!limiter.admit({"1.1.1.1", 3}).has_value());
    const auto third = limiter.admit({"1.1.1.2", 1});
    BOOST_TEST(third.has_value());
    limiter.setLimits(1, 0);
    BOOST_TEST(!limiter.admit({"1.1.1.3", 1}).has_value());
    limiter.setLimits(4, 0);
    BOOST_TEST(limiter.admit({"1.1.1.1", 3}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
