#include "changebank/base/text/Ascii.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string_view>

using namespace changebank;

namespace {

/// Calls with each byte.
template <typename Check>
void forEachByte(Check check) {
    for (int byte = 0; byte < 256; ++byte)
        check(static_cast<char>(byte));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(AsciiTest)

BOOST_AUTO_TEST_CASE(digitsAreTheTenOfAscii) {
    forEachByte([](char c) {
        BOOST_TEST(isDigit(c) == (std::string_view("0123456789").find(c) != std::string_view::npos));
    });
}

BOOST_AUTO_TEST_CASE(lettersAloneHaveACase) {
    constexpr std::string_view upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz";
    forEachByte([&](char c) {
        const auto place = upper.find(c);
        BOOST_TEST(toLower(c) == (place == std::string_view::npos ? c : lower[place]));
    });
}

BOOST_AUTO_TEST_CASE(hexadecimalDigitsHaveAValueInEitherCase) {
    constexpr std::string_view lower = "0123456789abcdef";
    constexpr std::string_view upper = "0123456789ABCDEF";
    forEachByte([&](char c) {
        const auto place = std::min(lower.find(c), upper.find(c));
        BOOST_TEST(hexDigitValue(c) == (place == std::string_view::npos ? -1 : static_cast<int>(place)));
    });
}

BOOST_AUTO_TEST_CASE(controlsAreThoseBelowTheSpaceAndDel) {
    forEachByte([](char c) {
        const auto byte = static_cast<unsigned char>(c);
        BOOST_TEST(isControl(c) == (byte < 32 || byte == 127));
    });
}

BOOST_AUTO_TEST_SUITE_END()
