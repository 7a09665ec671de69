#include <openssl/ec.h>

#include <boost/test/unit_test.hpp>
#include <map>

#include "changebank/security/jose/SignatureVerifier.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;

namespace {

const std::string text = "what is signed";

/// Numbers at and around the bounds of r and s for a curve, by name.
class Bounds {
public:
    Bounds(int group, std::size_t size) : _size(size) {
        const std::unique_ptr<EC_GROUP, OpenSslDeleter<EC_GROUP_free>> curve(
            EC_GROUP_new_by_curve_name(group));
        const BigNumber p(BN_new());
        BOOST_REQUIRE(EC_GROUP_get_curve(curve.get(), p.get(), nullptr, nullptr, nullptr) == 1);
        _order.reset(BN_dup(EC_GROUP_get0_order(curve.get())));
        add("0", *_order, 0, true);
        add("1", *_order, 1, true);
        add("n - 1", *_order, -1, false);
        add("n", *_order, 0, false);
        add("n + 1", *_order, 1, false);
        add("p - 1", *p, -1, false);
        add("p", *p, 0, false);
        add("p + 1", *p, 1, false);
        numbers["the largest"] = std::string(size, '\xFF');
    }

    /// n - s, with which (r, n - s) is a signature where (r, s) is one.
    std::string negated(const std::string& s) const {
        const BigNumber number(BN_bin2bn(asBytes(s), static_cast<int>(s.size()), nullptr));
        BN_sub(number.get(), _order.get(), number.get());
        return text(*number);
    }

    std::map<std::string, std::string> numbers;

private:
    /// `base` (or zero) plus `more`.
    void add(const std::string& name, const BIGNUM& base, int more, bool fromZero) {
        const BigNumber number(BN_dup(&base));
        if (fromZero) BN_zero(number.get());
        if (more >= 0)
            BN_add_word(number.get(), static_cast<BN_ULONG>(more));
        else
            BN_sub_word(number.get(), static_cast<BN_ULONG>(-more));
        numbers[name] = text(*number);
    }

    std::string text(const BIGNUM& number) const {
        std::string out(_size, '\0');
        BOOST_REQUIRE(
            BN_bn2binpad(&number, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(_size)) > 0);
        return out;
    }

    std::size_t _size;
    BigNumber _order;
};

struct Curve {
    Algorithm algorithm;
    int group;
    std::size_t size;
};

constexpr Curve curves[] = {{Algorithm::es256, NID_X9_62_prime256v1, 32},
                            {Algorithm::es384, NID_secp384r1, 48},
                            {Algorithm::es512, NID_secp521r1, 66}};

constexpr unsigned char edwardsOrder[32] = {0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7,
                                            0xA2, 0xDE, 0xF9, 0xDE, 0x14, 0,    0,    0,    0,    0,    0,
                                            0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/// A little-endian number plus a multiple of the group's order; empty if it does not fit into 32 bytes.
std::string plusOrders(std::string number, unsigned times) {
    unsigned carry = 0;
    for (std::size_t i = 0; i < sizeof edwardsOrder; ++i) {
        const unsigned sum = static_cast<unsigned char>(number[i]) + times * edwardsOrder[i] + carry;
        number[i] = static_cast<char>(sum & 0xFF);
        carry = sum >> 8;
    }
    return carry == 0 ? number : std::string();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SignatureVerifierEllipticTest)

// RFC 7518 section 3.4; r and s are numbers from 1 to n - 1 (FIPS 186-5 section 6.4.2).
BOOST_AUTO_TEST_CASE(ecdsaTakesNoNumberAtItsBounds) {
    for (const auto& curve : curves) {
        const auto& key = TestKey::shared(traitsOf(curve.algorithm).family);
        const SignatureVerifier verifier(curve.algorithm, key.key());
        const auto signature = key.sign(curve.algorithm, text);
        const Bounds bounds(curve.group, curve.size);
        for (const auto& [nameOfR, r] : bounds.numbers) {
            BOOST_TEST(!verifier.verify(text, r + signature.substr(curve.size)), "r = " << nameOfR);
            BOOST_TEST(!verifier.verify(text, signature.substr(0, curve.size) + r), "s = " << nameOfR);
            for (const auto& [nameOfS, s] : bounds.numbers)
                BOOST_TEST(!verifier.verify(text, r + s), "r = " << nameOfR << ", s = " << nameOfS);
        }
    }
}

// Numbers of every length that a few signatures have, with the highest bit of the first byte set or not.
BOOST_AUTO_TEST_CASE(ecdsaTakesNumbersThatBeginWithZero) {
    for (const auto& curve : {curves[0], curves[2]}) {
        const auto& key = TestKey::shared(traitsOf(curve.algorithm).family);
        const SignatureVerifier verifier(curve.algorithm, key.key());
        int zerosOfR = 0;
        int zerosOfS = 0;
        for (int i = 0; i < 10'000 && (zerosOfR == 0 || zerosOfS == 0); ++i) {
            const auto signature = key.sign(curve.algorithm, text);
            BOOST_REQUIRE(verifier.verify(text, signature));
            zerosOfR += signature.front() == '\0' ? 1 : 0;
            zerosOfS += signature[curve.size] == '\0' ? 1 : 0;
        }
        BOOST_TEST(zerosOfR > 0);
        BOOST_TEST(zerosOfS > 0);
    }
}

// Both (r, s) and (r, n - s) are signatures by the standard, and jose takes both: a token has no one form, so
// nothing may tell tokens apart by their signatures.
BOOST_AUTO_TEST_CASE(ecdsaTakesTheNegatedNumber) {
    for (const auto& curve : curves) {
        const auto& key = TestKey::shared(traitsOf(curve.algorithm).family);
        const auto signature = key.sign(curve.algorithm, text);
        const auto negated = Bounds(curve.group, curve.size).negated(signature.substr(curve.size));
        BOOST_TEST(SignatureVerifier(curve.algorithm, key.key())
                       .verify(text, signature.substr(0, curve.size) + negated));
    }
}

BOOST_AUTO_TEST_CASE(ecdsaTakesNoOtherLayout) {
    for (const auto& curve : curves) {
        const auto& key = TestKey::shared(traitsOf(curve.algorithm).family);
        const SignatureVerifier verifier(curve.algorithm, key.key());
        const auto signature = key.sign(curve.algorithm, text);
        const auto r = signature.substr(0, curve.size);
        const auto s = signature.substr(curve.size);
        const std::string zero(1, '\0');
        const std::string zeros(curve.size, '\0');
        for (const auto& other :
             {s + r, zero + r + zero + s, r + zero + s, r + s + zero, zeros + r + zeros + s, r + s + r + s, r,
              s, r.substr(1) + s.substr(1), r.substr(1) + s, zero}) {
            BOOST_TEST(!verifier.verify(text, other));
        }
    }
}

// RFC 8032 section 5.1.7: S is below the order, and R is compared by its bytes.
BOOST_AUTO_TEST_CASE(edwardsTakesNoNumberBeyondTheOrder) {
    const auto& key = TestKey::shared(KeyFamily::ed25519);
    const SignatureVerifier verifier(Algorithm::ed25519, key.key());
    const auto signature = key.sign(Algorithm::ed25519, text);
    BOOST_REQUIRE(verifier.verify(text, signature));
    const auto r = signature.substr(0, 32);
    const auto s = signature.substr(32);
    int tried = 0;
    for (unsigned times = 1; times <= 15; ++times) {
        const auto more = plusOrders(s, times);
        if (more.empty()) break;
        BOOST_TEST(!verifier.verify(text, r + more), times);
        ++tried;
    }
    BOOST_TEST(tried >= 7);
    const std::string zeros(32, '\0');
    const std::string ones(32, '\xFF');
    const auto one = "\x01" + zeros.substr(1);
    const auto order = plusOrders(zeros, 1);
    for (const auto& odd : {zeros, ones, one, order, plusOrders(one, 1)}) {
        BOOST_TEST(!verifier.verify(text, r + odd));
        BOOST_TEST(!verifier.verify(text, odd + s));
        for (const auto& other : {zeros, ones, one, order})
            BOOST_TEST(!verifier.verify(text, odd + other));
    }
    for (const auto& other : {s + r, r, s, r + s + '\0', '\0' + r + s, r + s.substr(1)})
        BOOST_TEST(!verifier.verify(text, other));
    // The sign of the point is part of it.
    auto mirrored = signature;
    mirrored[31] = static_cast<char>(mirrored[31] ^ 0x80);
    BOOST_TEST(!verifier.verify(text, mirrored));
}

BOOST_AUTO_TEST_SUITE_END()
