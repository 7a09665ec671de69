#include "changebank/base/text/PortNumber.h"

#include <boost/test/unit_test.hpp>

using changebank::portNumber;

BOOST_AUTO_TEST_SUITE(PortNumberTest)

BOOST_AUTO_TEST_CASE(readsDecimalDigits) {
    BOOST_TEST(portNumber("0").value() == 0U);
    BOOST_TEST(portNumber("443").value() == 443U);
    BOOST_TEST(portNumber("00080").value() == 80U);
    BOOST_TEST(portNumber("65535").value() == 65535U);
}

BOOST_AUTO_TEST_CASE(refusesEverythingElse) {
    for (const auto* text : {"", "65536", "99999999999999999999", "-1", "+1", " 1", "1 ", "0x50", "80a", "a"})
        BOOST_TEST(!portNumber(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
