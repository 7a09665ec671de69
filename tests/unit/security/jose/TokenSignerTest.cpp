#include "changebank/security/jose/TokenSigner.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <boost/test/unit_test.hpp>

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "changebank/base/text/Json.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/jose/JwsVerification.h"
#include "changebank/security/jose/KeyThumbprint.h"
#include "tests/support/PrivatePem.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::TestKey;

namespace {

constexpr std::array algorithms{
    std::pair{KeyFamily::rsa, Algorithm::rs256}, std::pair{KeyFamily::p256, Algorithm::es256},
    std::pair{KeyFamily::p384, Algorithm::es384}, std::pair{KeyFamily::p521, Algorithm::es512},
    std::pair{KeyFamily::ed25519, Algorithm::ed25519}};

TokenSigner signerOf(const std::string& pem) {
    auto made = TokenSigner::fromPem(pem);
    if (const auto* bad = std::get_if<TokenSigner::Unusable>(&made)) BOOST_FAIL(bad->why);
    return std::get<TokenSigner>(std::move(made));
}

std::string faultOf(const std::string& pem) {
    const auto made = TokenSigner::fromPem(pem);
    BOOST_TEST(ERR_peek_error() == 0U);
    const auto* bad = std::get_if<TokenSigner::Unusable>(&made);
    return bad ? bad->why : "none";
}

std::string memberOf(const std::string& json, const std::string& name) {
    const auto parsed = Json::parse(json);
    const auto* member = parsed ? parsed->find(name) : nullptr;
    return member && member->string() ? *member->string() : "none";
}

/// The traditional form, whose name says what kind of key it is.
std::string traditionalPemOf(const EVP_PKEY& key, const char* passphrase = nullptr) {
    const std::unique_ptr<BIO, OpenSslDeleter<BIO_free>> memory(BIO_new(BIO_s_mem()));
    BOOST_REQUIRE(PEM_write_bio_PrivateKey_traditional(
                      memory.get(), const_cast<EVP_PKEY*>(&key), passphrase ? EVP_aes_128_cbc() : nullptr,
                      reinterpret_cast<const unsigned char*>(passphrase),
                      passphrase ? static_cast<int>(std::string_view(passphrase).size()) : 0, nullptr,
                      nullptr) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

/// The private number of one key with the point of another.
std::string mixedPem() {
    const auto& one = TestKey::shared(KeyFamily::p256).key();
    const auto other = TestKey::generate(KeyFamily::p256);
    BIGNUM* number = nullptr;
    BOOST_REQUIRE(EVP_PKEY_get_bn_param(&one, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1);
    const BigNumber owner(number);
    std::array<unsigned char, 65> point{};
    std::size_t size = 0;
    BOOST_REQUIRE(EVP_PKEY_get_octet_string_param(&other.key(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                                  point.size(), &size) == 1);
    const ParameterBuilder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), size);
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* key = nullptr;
    BOOST_REQUIRE(EVP_PKEY_fromdata_init(context.get()) == 1);
    BOOST_REQUIRE(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) == 1);
    return tests::privatePemOf(*EvpKey(key));
}

const TestKey& key() {
    return TestKey::shared(KeyFamily::p256);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(TokenSignerTest)

BOOST_AUTO_TEST_CASE(aTokenOfEachKindOfKeyIsVerifiedWithThePublishedKey) {
    for (const auto& [family, algorithm] : algorithms) {
        const auto signer = signerOf(TestKey::shared(family).privatePem());
        const auto token = signer.sign(R"({"sub":"somebody"})");
        const auto keys = std::get<0>(JwkSet::parse(tests::keySetOf({signer.jwk()})));
        const auto verified = verifyJws(token, *keys, AlgorithmSet{algorithm});
        BOOST_REQUIRE(std::holds_alternative<VerifiedJws>(verified));
        const auto& jws = std::get<VerifiedJws>(verified);
        BOOST_TEST(jws.payload == R"({"sub":"somebody"})");
        BOOST_TEST(jws.header.toText() == "{\"alg\":\"" + std::string(traitsOf(algorithm).name) +
                                              "\",\"kid\":\"" + memberOf(signer.jwk(), "kid") +
                                              "\",\"typ\":\"JWT\"}");
        const auto other = std::get<0>(JwkSet::parse(tests::keySetOf({TestKey::generate(family).jwk()})));
        BOOST_TEST(std::holds_alternative<Refusal>(verifyJws(token, *other, AlgorithmSet{algorithm})));
    }
    BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_CASE(thePublishedKeyIsThePublicHalfWithItsThumbprint) {
    for (const auto& [family, algorithm] : algorithms) {
        const auto& pair = TestKey::shared(family);
        const auto jwk = signerOf(pair.privatePem()).jwk();
        BOOST_TEST(keyThumbprint(*Json::parse(jwk)).value() ==
                   keyThumbprint(*Json::parse(pair.jwk())).value());
        BOOST_TEST(memberOf(jwk, "kid") == keyThumbprint(*Json::parse(pair.jwk())).value());
        BOOST_TEST(memberOf(jwk, "alg") == traitsOf(algorithm).name);
        BOOST_TEST(memberOf(jwk, "use") == "sig");
        for (const auto* secret : {"d", "p", "q", "dp", "dq", "qi"})
            BOOST_TEST(memberOf(jwk, secret) == "none");
    }
}

BOOST_AUTO_TEST_CASE(theTraditionalFormsAndTextAroundTheKeyAreRead) {
    for (const auto family : {KeyFamily::rsa, KeyFamily::p256})
        BOOST_TEST(faultOf(traditionalPemOf(TestKey::shared(family).key())) == "none");
    BOOST_TEST(faultOf("a comment\n" + key().privatePem() + "\n\n") == "none");
}

BOOST_AUTO_TEST_CASE(aCopySignsWithTheSameKey) {
    auto signer = std::make_unique<TokenSigner>(signerOf(TestKey::shared(KeyFamily::ed25519).privatePem()));
    const TokenSigner copy(*signer);
    const auto token = signer->sign("{}");
    signer.reset();
    // Ed25519 has one signature of a text.
    BOOST_TEST(copy.sign("{}") == token);
}

BOOST_AUTO_TEST_CASE(aPassphraseIsRefusedWithItsRemedy) {
    const std::string why = "has a private key with a passphrase; remove that with openssl pkey";
    BOOST_TEST(faultOf(tests::privatePemOf(key().key(), "passphrase")) == why);
    BOOST_TEST(faultOf(traditionalPemOf(key().key(), "passphrase")) == why);
}

BOOST_AUTO_TEST_CASE(whatIsNoPrivateKeyIsNamed) {
    BOOST_TEST(faultOf(key().publicPem()) == "has a public key instead of the private one");
    BOOST_TEST(faultOf("-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----\n") ==
               "has a public key instead of the private one");
    BOOST_TEST(faultOf("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") ==
               "has a certificate instead of its private key");
    BOOST_TEST(faultOf("-----BEGIN EC PARAMETERS-----\nAAAA\n-----END EC PARAMETERS-----\n")
                   .starts_with("has a PEM block \"EC PARAMETERS\", which is not a private key; make one "));
    for (const auto& text :
         {std::string(), std::string("key"), key().jwk(), key().privatePem().substr(0, 90)})
        BOOST_TEST(
            faultOf(text).starts_with("has no complete PEM block, but needs a private key; make one "));
    BOOST_TEST(faultOf("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
                   .starts_with("has a private key that OpenSSL cannot read"));
}

BOOST_AUTO_TEST_CASE(aSecondBlockIsRefused) {
    const std::string why = "has several PEM blocks; keep the private key alone, as openssl pkey writes it";
    BOOST_TEST(faultOf(key().privatePem() + key().privatePem()) == why);
    BOOST_TEST(faultOf(key().privatePem() + key().publicPem()) == why);
    BOOST_TEST(faultOf(key().publicPem() + key().privatePem()) == why);
}

BOOST_AUTO_TEST_CASE(aKeyOfAnotherKindOrTooShortIsRefused) {
    const std::string kinds = "has a key that is neither RSA nor Ed25519 nor on the curves";
    BOOST_TEST(faultOf(tests::newPrivatePem("EC", "secp256k1")).starts_with(kinds));
    BOOST_TEST(faultOf(tests::newPrivatePem("ED448")).starts_with(kinds));
    BOOST_TEST(faultOf(tests::newPrivatePem("X25519")).starts_with(kinds));
    BOOST_TEST(faultOf(tests::newPrivatePem("RSA", std::size_t{1024}))
                   .starts_with("has a key that cannot be used: the modulus is below 2048 bits; make one "));
}

BOOST_AUTO_TEST_CASE(aKeyWhoseHalvesDifferIsRefused) {
    BOOST_TEST(faultOf(mixedPem()).starts_with("has a private key that does not fit its public half"));
}

BOOST_AUTO_TEST_CASE(noFaultShowsTheKey) {
    for (const auto& pem :
         {tests::privatePemOf(key().key(), "passphrase"), key().privatePem() + key().privatePem(),
          tests::newPrivatePem("EC", "secp256k1"), mixedPem()}) {
        const auto line = pem.substr(pem.find('\n') + 1, 16);
        BOOST_TEST(faultOf(pem).find(line) == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
