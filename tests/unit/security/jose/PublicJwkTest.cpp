#include "changebank/security/jose/PublicJwk.h"

#include <openssl/err.h>

#include <boost/test/unit_test.hpp>

#include <array>

#include "changebank/base/text/Json.h"
#include "changebank/security/jose/KeyThumbprint.h"
#include "tests/support/PrivatePem.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::TestKey;

namespace {

constexpr std::array families{KeyFamily::rsa, KeyFamily::p256, KeyFamily::p384, KeyFamily::p521,
                              KeyFamily::ed25519};

std::string thumbprintOf(const std::string& jwk) {
    const auto json = Json::parse(jwk);
    return json ? keyThumbprint(*json).value_or("none") : "not JSON";
}

std::string jwkIn(const std::string& pem) {
    const auto read = jwkOfPem(pem);
    const auto* jwk = std::get_if<std::string>(&read);
    return jwk ? *jwk : "";
}

std::string faultOf(const std::string& pem) {
    const auto read = jwkOfPem(pem);
    const auto* none = std::get_if<NoPublicKey>(&read);
    return none ? none->why : "";
}

std::string publicPemOf(const char* type, const char* curve = nullptr) {
    const EvpKey key(curve ? EVP_EC_gen(curve) : EVP_PKEY_Q_keygen(nullptr, nullptr, type));
    const std::unique_ptr<BIO, OpenSslDeleter<BIO_free>> memory(BIO_new(BIO_s_mem()));
    BOOST_REQUIRE(PEM_write_bio_PUBKEY(memory.get(), key.get()) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PublicJwkTest)

BOOST_AUTO_TEST_CASE(aKeyOfEachFamilyIsTheSameKeyAsAJwk) {
    for (const auto family : families) {
        const auto& key = TestKey::shared(family);
        BOOST_TEST(thumbprintOf(publicJwk(key.key())) == thumbprintOf(key.jwk()));
        BOOST_TEST(thumbprintOf(jwkIn(key.publicPem())) == thumbprintOf(key.jwk()));
    }
}

BOOST_AUTO_TEST_CASE(aPrivateKeyShowsItsPublicHalfAlone) {
    BOOST_TEST(publicJwk(TestKey::shared(KeyFamily::rsa).key()).find("\"d\"") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(coordinatesThatBeginWithZeroBytesKeepTheirLength) {
    // One key in 128 has such a coordinate.
    for (int i = 0; i < 1000; ++i) {
        const auto key = TestKey::generate(KeyFamily::p256);
        BOOST_REQUIRE_EQUAL(thumbprintOf(publicJwk(key.key())), thumbprintOf(key.jwk()));
    }
}

BOOST_AUTO_TEST_CASE(aPrivateKeyIsRefusedWithAHint) {
    const auto pem = tests::newPrivatePem("ED25519");
    BOOST_TEST(faultOf(pem).find("openssl pkey -pubout") != std::string::npos);
    const EvpKey key(EVP_EC_gen("P-256"));
    BOOST_TEST(faultOf(tests::privatePemOf(*key, "passphrase")).find("private key") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(unsupportedKeysAreRefused) {
    BOOST_TEST(faultOf(publicPemOf("ED448")).find("neither RSA") != std::string::npos);
    BOOST_TEST(faultOf(publicPemOf("X25519")).find("neither RSA") != std::string::npos);
    BOOST_TEST(faultOf(publicPemOf("EC", "secp256k1")).find("neither RSA") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(otherTextsAreRefused) {
    const auto pem = TestKey::shared(KeyFamily::p256).publicPem();
    BOOST_TEST(faultOf("") == "has no complete PEM block");
    BOOST_TEST(faultOf("key") == "has no complete PEM block");
    BOOST_TEST(faultOf(pem.substr(0, pem.size() / 2)) == "has no complete PEM block");
    BOOST_TEST(faultOf(pem + pem) == "has several PEM blocks; several keys need a JWK set");
    BOOST_TEST(faultOf("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n") ==
               "has a PEM block that OpenSSL cannot read");
    BOOST_TEST(faultOf("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") ==
               "has a PEM block that OpenSSL cannot read");
    BOOST_TEST(faultOf("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")
                   .starts_with("has a PEM block \"X509 CRL\""));
    BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
