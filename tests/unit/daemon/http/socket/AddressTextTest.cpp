#include "changebank/daemon/http/socket/AddressText.h"

#include <boost/test/unit_test.hpp>
#include <string>

using changebank::http::readAddress;
using changebank::http::readPlainNumber;

BOOST_AUTO_TEST_SUITE(AddressTextTest)

BOOST_AUTO_TEST_CASE(ReadsAddresses) {
    for (const std::string text : {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1",
                                   "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
        const auto address = readAddress(text);
        BOOST_TEST_REQUIRE(address.has_value(), text);
        BOOST_TEST(address->toString() == text);
    }
    BOOST_TEST(readAddress("2001:DB8::1")->toString() == "2001:db8::1");
    BOOST_TEST(readAddress("::ffff:192.0.2.1")->isIPv4Mapped());
}

BOOST_AUTO_TEST_CASE(NothingElseIsAnAddress) {
    using namespace std::string_literals;
    for (const auto& text : {""s,
                             " "s,
                             "1"s,
                             "1.2.3"s,
                             "1.2.3.4.5"s,
                             "1.2.3.256"s,
                             "01.2.3.4"s,
                             "1.2.3.04"s,
                             "0x1.2.3.4"s,
                             "1.2.3.4 "s,
                             " 1.2.3.4"s,
                             "1.2.3.4\0"s,
                             "1.2.3.4\0x"s,
                             "localhost"s,
                             "[::1]"s,
                             "::1%lo"s,
                             ":::"s,
                             "1::2::3"s,
                             "12345::"s,
                             "::1/64"s,
                             "1.2.3.4:5"s,
                             std::string(1000, '1'),
                             "::"s + std::string(60, '0')})
        BOOST_TEST(!readAddress(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(ReadsNumbersWithoutLeadingZeros) {
    BOOST_TEST((readPlainNumber("0") == 0));
    BOOST_TEST((readPlainNumber("65535") == 65535));
    for (const auto* text : {"", "00", "01", "65536", "-1", "+1", " 1", "1 ", "0x1", "99999999999999999999"})
        BOOST_TEST(!readPlainNumber(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
