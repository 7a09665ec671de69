#include "changebank/base/system/SipHash.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace changebank;

namespace {

/// The key of the paper's vectors: the bytes 00 to 0f.
constexpr SipKey key{0x0706050403020100U, 0x0f0e0d0c0b0a0908U};

/// The bytes 00, 01, … of that many.
std::string counting(int size) {
    std::string text;
    for (int i = 0; i < size; ++i)
        text += static_cast<char>(i);
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SipHashTest)

// Appendix A of the paper, and the vectors of its reference code.
BOOST_AUTO_TEST_CASE(hashesThePublishedVectors) {
    BOOST_TEST(sipHash(counting(15), key) == 0xa129ca6149be45e5U);
    BOOST_TEST(sipHash(counting(0), key) == 0x726fdb47dd0e0e31U);
    BOOST_TEST(sipHash(counting(1), key) == 0x74f839c593dc67fdU);
    BOOST_TEST(sipHash(counting(7), key) == 0xab0200f58b01d137U);
    BOOST_TEST(sipHash(counting(8), key) == 0x93f5f5799a932462U);
    BOOST_TEST(sipHash(counting(63), key) == 0x958a324ceb064572U);
}

BOOST_AUTO_TEST_CASE(eachKeyIsAnother) {
    const auto first = SipKey::random();
    const auto second = SipKey::random();
    BOOST_TEST(sipHash("x", first) == sipHash("x", first));
    BOOST_TEST(sipHash("x", first) != sipHash("x", second));
    BOOST_TEST(sipHash("x", {first.first, second.second}) != sipHash("x", first));
}

BOOST_AUTO_TEST_SUITE_END()
