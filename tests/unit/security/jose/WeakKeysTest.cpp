#include "changebank/security/jose/WeakKeys.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>

#include "changebank/base/system/OpenSsl.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;

namespace {

constexpr std::array<unsigned, 38> oddPrimes{3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
                                             47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
                                             107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

BigNumber powerOf65537(int exponent) {
    BigNumber power(BN_new());
    BN_one(power.get());
    for (int i = 0; i < exponent; ++i)
        BN_mul_word(power.get(), 65537);
    return power;
}

/// The product of all the primes but one.
BigNumber productWithout(unsigned left) {
    BigNumber product(BN_new());
    BN_one(product.get());
    for (const auto prime : oddPrimes) {
        if (prime != left) BN_mul_word(product.get(), prime);
    }
    return product;
}

/// An encoded y coordinate: the first byte, 30 times the same, the last byte.
std::string encoding(unsigned char first, unsigned char middle, unsigned char last) {
    return std::string(1, static_cast<char>(first)) + std::string(30, static_cast<char>(middle)) +
           std::string(1, static_cast<char>(last));
}

std::string withSignBit(std::string point) {
    point.back() = static_cast<char>(static_cast<unsigned char>(point.back()) | 0x80);
    return point;
}

/// The public key of RFC 8032 section 7.1, test 1.
const std::string rfcKey(
    "\xD7\x5A\x98\x01\x82\xB1\x0A\xB7\xD5\x4B\xFE\xD3\xC9\x64\x07\x3A"
    "\x0E\xE1\x72\xF3\xDA\xA6\x23\x25\xAF\x02\x1A\x68\xF7\x07\x51\x1A",
    32);

}  // namespace

BOOST_AUTO_TEST_SUITE(WeakKeysTest)

BOOST_AUTO_TEST_CASE(powersOfTheGeneratorHaveTheRocaFingerprint) {
    for (const int exponent : {0, 1, 7, 40, 300}) {
        const auto number = powerOf65537(exponent);
        BOOST_TEST(hasRocaFingerprint(*number), exponent);
        // The fingerprint is that of the residues, whatever the number.
        BN_add(number.get(), number.get(), productWithout(0).get());
        BOOST_TEST(hasRocaFingerprint(*number), exponent);
    }
}

BOOST_AUTO_TEST_CASE(oneOtherResidueRulesTheFingerprintOut) {
    for (const auto prime : oddPrimes) {
        // The same residues as 65537^7, but 0 for one of the primes.
        const auto number = powerOf65537(7);
        const auto step = productWithout(prime);
        while (BN_mod_word(number.get(), prime) != 0)
            BN_add(number.get(), number.get(), step.get());
        BOOST_TEST(!hasRocaFingerprint(*number), prime);
    }
}

BOOST_AUTO_TEST_CASE(publicKeysArePointsOfTheCurve) {
    BOOST_TEST(isEdwardsPoint(rfcKey));
    for (int i = 0; i < 20; ++i) {
        const auto key = TestKey::generate(KeyFamily::ed25519);
        std::string encoded(32, '\0');
        std::size_t size = encoded.size();
        BOOST_REQUIRE(EVP_PKEY_get_raw_public_key(
                          &key.key(), reinterpret_cast<unsigned char*>(encoded.data()), &size) == 1);
        BOOST_TEST(isEdwardsPoint(encoded));
        BOOST_TEST(isEdwardsPoint(withSignBit(encoded)));
        BOOST_TEST(!isSmallOrderPoint(encoded));
    }
}

BOOST_AUTO_TEST_CASE(otherCoordinatesAreNotPoints) {
    BOOST_TEST(!isEdwardsPoint(encoding(0x02, 0x00, 0x00)));
    BOOST_TEST(!isEdwardsPoint(withSignBit(encoding(0x02, 0x00, 0x00))));
    // p + 1 would be the y coordinate 1, but the canonical encoding is below p.
    BOOST_TEST(isEdwardsPoint(encoding(0x01, 0x00, 0x00)));
    BOOST_TEST(!isEdwardsPoint(encoding(0xEE, 0xFF, 0x7F)));
    BOOST_TEST(!isEdwardsPoint(""));
    BOOST_TEST(!isEdwardsPoint(rfcKey.substr(1)));
    BOOST_TEST(!isEdwardsPoint(rfcKey + '\0'));
}

BOOST_AUTO_TEST_CASE(pointsOfSmallOrderAreFoundInEveryEncoding) {
    const std::string orderEight(
        "\x26\xE8\x95\x8F\xC2\xB2\x27\xB0\x45\xC3\xF4\x89\xF2\xEF\x98\xF0"
        "\xD5\xDF\xAC\x05\xD3\xC6\x33\x39\xB1\x38\x02\x88\x6D\x53\xFC\x05",
        32);
    const std::string otherOrderEight(
        "\xC7\x17\x6A\x70\x3D\x4D\xD8\x4F\xBA\x3C\x0B\x76\x0D\x10\x67\x0F"
        "\x2A\x20\x53\xFA\x2C\x39\xCC\xC6\x4E\xC7\xFD\x77\x92\xAC\x03\x7A",
        32);
    for (const auto& point :
         {encoding(0x00, 0x00, 0x00), encoding(0x01, 0x00, 0x00), orderEight, otherOrderEight,
          encoding(0xEC, 0xFF, 0x7F), encoding(0xED, 0xFF, 0x7F), encoding(0xEE, 0xFF, 0x7F)}) {
        BOOST_TEST(isSmallOrderPoint(point));
        BOOST_TEST(isSmallOrderPoint(withSignBit(point)));
        BOOST_TEST(!isSmallOrderPoint(point.substr(0, 31)));
    }
    BOOST_TEST(!isSmallOrderPoint(rfcKey));
}

BOOST_AUTO_TEST_SUITE_END()
