#include <boost/test/unit_test.hpp>

#include "changebank/base/text/Base64Url.h"
#include "changebank/security/jose/JsonWebKey.h"
#include "changebank/security/jose/WeakKeys.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::TestKey;

namespace {

std::string reasonOf(const std::string& jwk) {
    const auto imported = JsonWebKey::import(Json::parse(jwk).value());
    const auto* unusable = std::get_if<JsonWebKey::Unusable>(&imported);
    return unusable ? unusable->reason : std::string();
}

std::string elliptic(const std::string& curve, const std::string& x, const std::string& y) {
    return R"({"kty":"EC","crv":")" + curve + R"(","x":")" + encodeBase64Url(x) + R"(","y":")" +
           encodeBase64Url(y) + "\"}";
}

std::string edwards(const std::string& curve, const std::string& x) {
    return R"({"kty":"OKP","crv":")" + curve + R"(","x":")" + encodeBase64Url(x) + "\"}";
}

struct Expectation {
    KeyFamily family;
    Algorithm algorithm;
    int bits;
};

constexpr Expectation expectations[] = {{KeyFamily::p256, Algorithm::es256, 256},
                                        {KeyFamily::p384, Algorithm::es384, 384},
                                        {KeyFamily::p521, Algorithm::es512, 521},
                                        {KeyFamily::ed25519, Algorithm::ed25519, 256}};

}  // namespace

BOOST_AUTO_TEST_SUITE(JsonWebKeyEllipticTest)

// The curve decides the algorithm: a P-384 key never serves ES256.
BOOST_AUTO_TEST_CASE(eachCurveServesItsOwnAlgorithmAlone) {
    for (const auto& expected : expectations) {
        const auto imported = JsonWebKey::import(Json::parse(TestKey::shared(expected.family).jwk()).value());
        const auto& key = *std::get<std::shared_ptr<const JsonWebKey>>(imported);
        BOOST_TEST((key.family() == expected.family));
        BOOST_TEST(key.bits() == expected.bits);
        for (std::size_t i = 0; i < algorithmCount; ++i) {
            const auto algorithm = static_cast<Algorithm>(i);
            BOOST_TEST((key.verifierFor(algorithm) != nullptr) == (algorithm == expected.algorithm));
        }
    }
}

BOOST_AUTO_TEST_CASE(anAlgorithmOfAnotherCurveIsRefused) {
    BOOST_TEST(reasonOf(TestKey::shared(KeyFamily::p384).jwk(R"("alg":"ES256")")) ==
               "\"alg\" does not fit the key's type or curve");
    BOOST_TEST(reasonOf(TestKey::shared(KeyFamily::p256).jwk(R"("alg":"RS256")")) ==
               "\"alg\" does not fit the key's type or curve");
    BOOST_TEST(reasonOf(TestKey::shared(KeyFamily::ed25519).jwk(R"("alg":"ES256")")) ==
               "\"alg\" does not fit the key's type or curve");
    BOOST_TEST(reasonOf(TestKey::shared(KeyFamily::ed25519).jwk(R"("alg":"EdDSA")")).empty());
    BOOST_TEST(reasonOf(TestKey::shared(KeyFamily::ed25519).jwk(R"("alg":"Ed25519")")).empty());
}

BOOST_AUTO_TEST_CASE(refusesPointsOffTheCurveAndAtInfinity) {
    const std::string ones(32, '\x01');
    const std::string zeros(32, '\0');
    BOOST_TEST(reasonOf(elliptic("P-256", ones, ones)) == "the point is not on the curve");
    BOOST_TEST(reasonOf(elliptic("P-256", zeros, zeros)) == "the point is not on the curve");
    BOOST_TEST(reasonOf(elliptic("P-256", std::string(32, '\xFF'), ones)) == "the point is not on the curve");
    BOOST_TEST(reasonOf(elliptic("P-384", std::string(48, '\x02'), std::string(48, '\x03'))) ==
               "the point is not on the curve");
    BOOST_TEST(reasonOf(elliptic("P-521", std::string(66, '\x01'), std::string(66, '\x01'))) ==
               "the point is not on the curve");
}

BOOST_AUTO_TEST_CASE(refusesCoordinatesOfAnotherLength) {
    const std::string ones(32, '\x01');
    BOOST_TEST(reasonOf(elliptic("P-256", "", ones)) == "\"x\" is missing or not of the curve's length");
    BOOST_TEST(reasonOf(elliptic("P-256", ones.substr(1), ones)) ==
               "\"x\" is missing or not of the curve's length");
    BOOST_TEST(reasonOf(elliptic("P-256", ones, ones + "\x01")) ==
               "\"y\" is missing or not of the curve's length");
    BOOST_TEST(reasonOf(R"({"kty":"EC","crv":"P-256"})") == "\"x\" is missing or not of the curve's length");
    BOOST_TEST(reasonOf(edwards("Ed25519", std::string(31, 'x'))) ==
               "\"x\" is missing or not of the curve's length");
    BOOST_TEST(reasonOf(R"({"kty":"OKP","crv":"Ed25519"})") ==
               "\"x\" is missing or not of the curve's length");
}

BOOST_AUTO_TEST_CASE(refusesCurvesThatWeDoNotVerifyWith) {
    const std::string ones(32, '\x01');
    for (const char* curve : {"", "secp256k1", "p-256", "P-192", "brainpoolP256r1", "Ed25519"}) {
        BOOST_TEST(reasonOf(elliptic(curve, ones, ones)) == "\"crv\" names a curve that is not supported");
    }
    for (const char* curve : {"", "Ed448", "X25519", "P-256"}) {
        BOOST_TEST(reasonOf(edwards(curve, ones)) == "\"crv\" names a curve that is not supported");
    }
}

BOOST_AUTO_TEST_CASE(refusesEdwardsPointsOfSmallOrder) {
    std::string identity(32, '\0');
    identity[0] = '\x01';
    std::string minusOne(32, '\xFF');
    minusOne[0] = '\xEC';
    minusOne[31] = '\x7F';
    std::string withSign = identity;
    withSign[31] = '\x80';
    for (const auto& point : {std::string(32, '\0'), identity, minusOne, withSign}) {
        BOOST_TEST(isSmallOrderPoint(point));
        BOOST_TEST(reasonOf(edwards("Ed25519", point)) == "the point is of small order");
    }
    BOOST_TEST(!isSmallOrderPoint(std::string(32, '\x02')));
    BOOST_TEST(!isSmallOrderPoint(""));
}

BOOST_AUTO_TEST_CASE(refusesEdwardsPointsOffTheCurve) {
    // y = 2 has no x on the curve, y = 3 has; the sign of x is of no matter.
    std::string two(32, '\0');
    two[0] = '\x02';
    std::string three(32, '\0');
    three[0] = '\x03';
    BOOST_TEST(reasonOf(edwards("Ed25519", two)) == "the point is not on the curve");
    BOOST_TEST(reasonOf(edwards("Ed25519", three)).empty());
    two[31] = '\x80';
    three[31] = '\x80';
    BOOST_TEST(reasonOf(edwards("Ed25519", two)) == "the point is not on the curve");
    BOOST_TEST(reasonOf(edwards("Ed25519", three)).empty());
    // 3 once more, as 3 + p: each point has one encoding alone.
    std::string aboveP(32, '\xFF');
    aboveP[0] = '\xF0';
    aboveP[31] = '\x7F';
    BOOST_TEST(reasonOf(edwards("Ed25519", aboveP)) == "the point is not on the curve");
    for (int i = 0; i < 20; ++i) {
        const auto key = TestKey::generate(KeyFamily::ed25519);
        BOOST_TEST(reasonOf(key.jwk()).empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
