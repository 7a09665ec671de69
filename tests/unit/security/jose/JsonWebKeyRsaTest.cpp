#include <openssl/bn.h>

#include <boost/test/unit_test.hpp>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/security/jose/JsonWebKey.h"
#include "changebank/security/jose/WeakKeys.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::TestKey;

namespace {

JsonWebKey::Imported import(const std::string& jwk) {
    return JsonWebKey::import(Json::parse(jwk, {64 * 1024, 8, 1000}).value());
}

std::string reasonOf(const std::string& jwk) {
    const auto imported = import(jwk);
    const auto* unusable = std::get_if<JsonWebKey::Unusable>(&imported);
    return unusable ? unusable->reason : std::string();
}

std::shared_ptr<const JsonWebKey> keyOf(const std::string& jwk) {
    BOOST_TEST(reasonOf(jwk).empty(), reasonOf(jwk));
    return std::get<std::shared_ptr<const JsonWebKey>>(import(jwk));
}

std::string encoded(const BIGNUM& number) {
    std::string text(static_cast<std::size_t>(BN_num_bytes(&number)), '\0');
    BN_bn2bin(&number, reinterpret_cast<unsigned char*>(text.data()));
    return encodeBase64Url(text);
}

std::string rsa(const std::string& n, const std::string& e = "AQAB") {
    return R"({"kty":"RSA","n":")" + n + R"(","e":")" + e + "\"}";
}

/// A random odd number of that many bits.
std::string randomModulus(int bits) {
    const BigNumber number(BN_new());
    BN_rand(number.get(), bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD);
    return encoded(*number);
}

/// A modulus as the library behind ROCA made them: a power of 65537 modulo the product of the first primes.
BigNumber rocaModulus() {
    BigNumber product(BN_new());
    BN_one(product.get());
    for (const unsigned prime :
         {2U,   3U,   5U,   7U,   11U,  13U,  17U,  19U,  23U,  29U,  31U,  37U,  41U,
          43U,  47U,  53U,  59U,  61U,  67U,  71U,  73U,  79U,  83U,  89U,  97U,  101U,
          103U, 107U, 109U, 113U, 127U, 131U, 137U, 139U, 149U, 151U, 157U, 163U, 167U}) {
        BN_mul_word(product.get(), prime);
    }
    const std::unique_ptr<BN_CTX, OpenSslDeleter<BN_CTX_free>> context(BN_CTX_new());
    BigNumber residue(BN_new());
    BN_set_word(residue.get(), 65537);
    const BigNumber exponent(BN_new());
    BN_set_word(exponent.get(), 123457);
    BN_mod_exp(residue.get(), residue.get(), exponent.get(), product.get(), context.get());
    // residue + k * product with an even k large enough for 2048 bits.
    const BigNumber factor(BN_new());
    BN_rand(factor.get(), 2048 - BN_num_bits(product.get()) + 1, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
    BN_clear_bit(factor.get(), 0);
    BN_mul(factor.get(), factor.get(), product.get(), context.get());
    BN_add(residue.get(), residue.get(), factor.get());
    return residue;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JsonWebKeyRsaTest)

BOOST_AUTO_TEST_CASE(importsAKeyForAllRsaAlgorithms) {
    const auto key =
        keyOf(TestKey::shared(KeyFamily::rsa).jwk(R"("kid":"k1","use":"sig","key_ops":["verify"])"));
    BOOST_TEST(key->keyId().value() == "k1");
    BOOST_TEST((key->family() == KeyFamily::rsa));
    BOOST_TEST(key->bits() == 2048);
    BOOST_TEST(!key->algorithm().has_value());
    for (const auto algorithm : {Algorithm::rs256, Algorithm::rs384, Algorithm::rs512, Algorithm::ps256,
                                 Algorithm::ps384, Algorithm::ps512}) {
        BOOST_TEST(key->verifierFor(algorithm) != nullptr);
    }
    BOOST_TEST(key->verifierFor(Algorithm::es256) == nullptr);
    BOOST_TEST(key->verifierFor(Algorithm::ed25519) == nullptr);
}

BOOST_AUTO_TEST_CASE(aNamedAlgorithmIsTheOnlyOne) {
    const auto key = keyOf(TestKey::shared(KeyFamily::rsa).jwk(R"("alg":"RS256")"));
    BOOST_TEST(key->verifierFor(Algorithm::rs256) != nullptr);
    BOOST_TEST(key->verifierFor(Algorithm::rs384) == nullptr);
    BOOST_TEST(key->verifierFor(Algorithm::ps256) == nullptr);
}

BOOST_AUTO_TEST_CASE(aNullMemberCountsAsAbsent) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    for (const char* member :
         {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "alg", "use", "key_ops", "kid", "x5c"}) {
        const auto document = Json::parse(key.jwk("\"" + std::string(member) + "\":null")).value();
        const auto imported = JsonWebKey::import(document);
        BOOST_REQUIRE_MESSAGE(imported.index() == 0, member);
        const auto& jwk = *std::get<0>(imported);
        BOOST_TEST(!jwk.keyId().has_value());
        BOOST_TEST(!jwk.algorithm().has_value());
    }
}

BOOST_AUTO_TEST_CASE(refusesWhatIsNotForVerifying) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    BOOST_TEST(reasonOf(key.jwk(R"("use":"enc")")) == "\"use\" is not \"sig\"");
    BOOST_TEST(reasonOf(key.jwk(R"("use":1)")) == "\"use\" is not \"sig\"");
    BOOST_TEST(reasonOf(key.jwk(R"("key_ops":["sign","encrypt"])")) == "\"key_ops\" has no \"verify\"");
    BOOST_TEST(reasonOf(key.jwk(R"("key_ops":"verify")")) == "\"key_ops\" has no \"verify\"");
    BOOST_TEST(reasonOf(key.jwk(R"("kid":1)")) == "\"kid\" is not a string");
    for (const char* algorithm :
         {R"("alg":"RSA-OAEP")", R"("alg":"HS256")", R"("alg":"none")", R"("alg":7)"}) {
        BOOST_TEST(reasonOf(key.jwk(algorithm)) == "\"alg\" is not supported");
    }
    BOOST_TEST(reasonOf(key.jwk(R"("alg":"ES256")")) == "\"alg\" does not fit the key's type or curve");
    for (const char* member : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
        BOOST_TEST(reasonOf(key.jwk("\"" + std::string(member) + R"(":"AQAB")")) ==
                   "it has private or symmetric members");
    }
    BOOST_TEST(reasonOf("[]") == "not a JSON object");
    BOOST_TEST(reasonOf("{}") == "\"kty\" is missing or not supported");
    BOOST_TEST(reasonOf(R"({"kty":"rsa"})") == "\"kty\" is missing or not supported");
    BOOST_TEST(reasonOf(R"({"kty":"AKP"})") == "\"kty\" is missing or not supported");
}

BOOST_AUTO_TEST_CASE(refusesMissingAndMalformedMembers) {
    BOOST_TEST(reasonOf(R"({"kty":"RSA","e":"AQAB"})") == "\"n\" is missing or not base64url");
    BOOST_TEST(reasonOf(R"({"kty":"RSA","n":1,"e":"AQAB"})") == "\"n\" is missing or not base64url");
    BOOST_TEST(reasonOf(rsa("AQAB=")) == "\"n\" is missing or not base64url");
    BOOST_TEST(reasonOf(R"({"kty":"RSA","n":"AQAB"})") == "\"e\" is missing or not base64url");
}

BOOST_AUTO_TEST_CASE(refusesModuliOutOfRange) {
    BOOST_TEST(reasonOf(TestKey::generate(KeyFamily::rsa, 1024).jwk()) == "the modulus is below 2048 bits");
    BOOST_TEST(reasonOf(rsa(randomModulus(2047))) == "the modulus is below 2048 bits");
    BOOST_TEST(reasonOf(rsa(randomModulus(8193))) == "the modulus is above 8192 bits");
    BOOST_TEST(reasonOf(rsa(std::string(40'000, 'A'))) == "the modulus is above 8192 bits");
    BOOST_TEST(reasonOf(rsa("")) == "the modulus is below 2048 bits");
    const BigNumber even(BN_new());
    BN_set_bit(even.get(), 2047);
    BOOST_TEST(reasonOf(rsa(encoded(*even))) == "the modulus is even");
}

BOOST_AUTO_TEST_CASE(refusesExponentsThatAreNoExponents) {
    const auto n = randomModulus(2048);
    BOOST_TEST(reasonOf(rsa(n, "AQ")) == "the exponent is below 3");
    BOOST_TEST(reasonOf(rsa(n, "")) == "the exponent is even");
    BOOST_TEST(reasonOf(rsa(n, "Ag")) == "the exponent is even");
    BOOST_TEST(reasonOf(rsa(n, "AQAA")) == "the exponent is even");
    BOOST_TEST(reasonOf(rsa(n, encodeBase64Url("\x01" + std::string(8, '\x01')))) ==
               "the exponent is above 64 bits");
    BOOST_TEST(reasonOf(rsa(n, std::string(100'000 / 4, 'B'))) == "the exponent is above 64 bits");
}

BOOST_AUTO_TEST_CASE(refusesTheRocaFingerprint) {
    const auto modulus = rocaModulus();
    BOOST_TEST(BN_num_bits(modulus.get()) >= 2048);
    BOOST_TEST(hasRocaFingerprint(*modulus));
    BOOST_TEST(reasonOf(rsa(encoded(*modulus))) == "the modulus has the ROCA fingerprint (CVE-2017-15361)");
}

BOOST_AUTO_TEST_CASE(ordinaryKeysHaveNoRocaFingerprint) {
    for (int i = 0; i < 2000; ++i) {
        const BigNumber number(BN_new());
        BN_rand(number.get(), 2048, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD);
        BOOST_TEST(!hasRocaFingerprint(*number));
    }
}

BOOST_AUTO_TEST_CASE(refusesAPrimeModulus) {
    const BigNumber prime(BN_new());
    BN_generate_prime_ex(prime.get(), 2048, 0, nullptr, nullptr, nullptr);
    BOOST_TEST(reasonOf(rsa(encoded(*prime))) == "OpenSSL refuses the RSA key");
}

BOOST_AUTO_TEST_CASE(leavesNoErrorBehind) {
    reasonOf(rsa(randomModulus(2048)));
    reasonOf(R"({"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"})");
    BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
