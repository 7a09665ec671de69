#include "changebank/base/text/Hex.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;

namespace {

std::string textOf(std::uint64_t number) {
    const auto digits = hexOf(number);
    return {digits.begin(), digits.end()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HexTest)

BOOST_AUTO_TEST_CASE(aNumberHasSixteenDigitsInLowerCase) {
    BOOST_TEST(textOf(0) == "0000000000000000");
    BOOST_TEST(textOf(0x0123456789abcdefULL) == "0123456789abcdef");
    BOOST_TEST(textOf(~std::uint64_t{0}) == "ffffffffffffffff");
}

BOOST_AUTO_TEST_CASE(digitsAreTheNumberAgain) {
    for (const std::uint64_t number :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0xfedcba9876543210ULL}, ~std::uint64_t{0}})
        BOOST_TEST(numberOfHex(textOf(number)) == number);
    BOOST_TEST(numberOfHex("") == 0U);
    BOOST_TEST(numberOfHex("ff") == 255U);
}

BOOST_AUTO_TEST_SUITE_END()
