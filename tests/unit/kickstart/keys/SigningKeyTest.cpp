#include "changebank/kickstart/keys/SigningKey.h"

#include <openssl/hmac.h>

#include <boost/test/unit_test.hpp>

#include "changebank/base/text/Base64Url.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/jose/JwsVerification.h"
#include "tests/support/PrivatePem.h"

using namespace changebank;
using kickstart::KeyAlgorithm;
using kickstart::SigningKey;

BOOST_AUTO_TEST_SUITE(SigningKeyTest)

namespace {

const auto claims = jsonObject({{"sub", "somebody"}});

Json jwkOf(const SigningKey& key) {
    return *Json::parse(textOf(key.publicJwk()));
}

bool verifies(const std::string& token, const SigningKey& key) {
    const auto set = security::JwkSet::parse(R"({"keys":[)" + textOf(key.publicJwk()) + "]}");
    const auto& keys = *std::get<0>(set);
    BOOST_REQUIRE_EQUAL(keys.keys().size(), 1U);
    return std::holds_alternative<security::VerifiedJws>(
        security::verifyJws(token, keys, security::AlgorithmSet::all()));
}

std::vector<std::string> memberNames(const Json& object) {
    std::vector<std::string> names;
    for (const auto& member : *object.object()) {
        names.push_back(member.first);
    }
    return names;
}

}  // namespace

BOOST_AUTO_TEST_CASE(EveryPairSignsWhatItsPublicKeyVerifies) {
    for (const auto algorithm :
         {KeyAlgorithm::rs256, KeyAlgorithm::rs384, KeyAlgorithm::rs512, KeyAlgorithm::es256,
          KeyAlgorithm::es384, KeyAlgorithm::es512, KeyAlgorithm::ed25519}) {
        const auto key = SigningKey::generate(algorithm, 2048);
        const auto other = SigningKey::generate(algorithm, 2048);
        const auto text = key->sign(claims);
        BOOST_TEST(verifies(text, *key), nameOf(algorithm));
        BOOST_TEST(!verifies(text, *other), nameOf(algorithm));
    }
}

BOOST_AUTO_TEST_CASE(AnHmacKeySignsWithItsSecret) {
    // RFC 2104 by OpenSSL's one-shot function, beside the one that signs.
    const std::string secret = "a secret that is at least as long as the digest, whichever it is";
    const std::vector<std::pair<KeyAlgorithm, const EVP_MD*>> algorithms{{KeyAlgorithm::hs256, EVP_sha256()},
                                                                         {KeyAlgorithm::hs384, EVP_sha384()},
                                                                         {KeyAlgorithm::hs512, EVP_sha512()}};
    for (const auto& [algorithm, digest] : algorithms) {
        const auto key = SigningKey::ofSecret(algorithm, secret, "the-kid");
        const auto text = key->sign(claims);
        const auto dot = text.rfind('.');
        std::string mac(EVP_MAX_MD_SIZE, '\0');
        unsigned length = 0;
        HMAC(digest, secret.data(), static_cast<int>(secret.size()), asBytes(text), dot,
             reinterpret_cast<unsigned char*>(mac.data()), &length);
        mac.resize(length);
        BOOST_TEST(text.substr(dot + 1) == encodeBase64Url(mac));
        BOOST_TEST(key->bits() == static_cast<int>(secret.size()) * 8);
        BOOST_TEST(key->kid() == "the-kid");
    }
    const auto generated = SigningKey::generate(KeyAlgorithm::hs384, 0);
    BOOST_TEST(generated->bits() == 384);
    BOOST_TEST(generated->kid().size() == 9U);
    BOOST_TEST(generated->kid().find_first_not_of("0123456789abcdef") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(APairIsReadFromItsPem) {
    const std::vector<std::pair<KeyAlgorithm, std::string>> pairs{
        {KeyAlgorithm::rs512, tests::newPrivatePem("RSA", std::size_t{2048})},
        {KeyAlgorithm::es256, tests::newPrivatePem("EC", "P-256")},
        {KeyAlgorithm::es384, tests::newPrivatePem("EC", "P-384")},
        {KeyAlgorithm::es512, tests::newPrivatePem("EC", "P-521")},
        {KeyAlgorithm::ed25519, tests::newPrivatePem("ED25519")}};
    for (const auto& [algorithm, pem] : pairs) {
        const auto key = SigningKey::ofPem(algorithm, pem);
        BOOST_REQUIRE_MESSAGE(key, nameOf(algorithm));
        BOOST_TEST(key->kid() == SigningKey::ofPem(algorithm, pem)->kid());
        BOOST_TEST(verifies(key->sign(claims), *key));
    }
}

BOOST_AUTO_TEST_CASE(PemOfAnotherAlgorithmIsRejected) {
    const auto curve = tests::newPrivatePem("EC", "P-256");
    for (const auto algorithm : {KeyAlgorithm::rs256, KeyAlgorithm::es384, KeyAlgorithm::ed25519}) {
        BOOST_TEST(!SigningKey::ofPem(algorithm, curve));
    }
    BOOST_TEST(
        !SigningKey::ofPem(KeyAlgorithm::es256, SigningKey::ofPem(KeyAlgorithm::es256, curve)->publicPem()));
    BOOST_TEST(!SigningKey::ofPem(KeyAlgorithm::es256, ""));
    BOOST_TEST(!SigningKey::ofPem(KeyAlgorithm::es256, "-----BEGIN PRIVATE KEY-----\nAAAA"));
    BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_CASE(AnRsaKeyShowsModulusAndExponent) {
    const auto key = SigningKey::generate(KeyAlgorithm::rs256, 3072);
    const auto jwk = jwkOf(*key);
    const std::vector<std::string> expected{"kty", "use", "alg", "kid", "e", "n"};
    BOOST_TEST(memberNames(jwk) == expected, boost::test_tools::per_element());
    BOOST_TEST(*jwk.find("kty")->string() == "RSA");
    BOOST_TEST(*jwk.find("use")->string() == "sig");
    BOOST_TEST(*jwk.find("alg")->string() == "RS256");
    BOOST_TEST(*jwk.find("e")->string() == "AQAB");
    BOOST_TEST(decodeBase64Url(*jwk.find("n")->string())->size() == 384U);
    BOOST_TEST(key->bits() == 3072);
}

BOOST_AUTO_TEST_CASE(AnEllipticCurveKeyShowsFullCoordinates) {
    // One key in 128 has a coordinate that begins with a zero byte, which must be kept.
    for (int i = 0; i < 300; ++i) {
        const auto jwk = jwkOf(*SigningKey::generate(KeyAlgorithm::es256, 0));
        BOOST_REQUIRE_EQUAL(decodeBase64Url(*jwk.find("x")->string())->size(), 32U);
        BOOST_REQUIRE_EQUAL(decodeBase64Url(*jwk.find("y")->string())->size(), 32U);
    }
}

BOOST_AUTO_TEST_CASE(TheKidIsAsLongAsFusionAuths) {
    const auto key = SigningKey::generate(KeyAlgorithm::es256, 0);
    BOOST_TEST(key->kid().size() == 27U);
    BOOST_TEST(decodeBase64Url(key->kid())->size() == 20U);
    BOOST_TEST(*jwkOf(*key).find("kid")->string() == key->kid());
    BOOST_TEST(key->kid() != SigningKey::generate(KeyAlgorithm::es256, 0)->kid());
}

BOOST_AUTO_TEST_CASE(WritesThePublicKeyAlone) {
    const auto pem = SigningKey::generate(KeyAlgorithm::es256, 0)->publicPem();
    BOOST_TEST(pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
    BOOST_TEST(pem.find("PRIVATE") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
