#include "changebank/security/jose/JwsVerification.h"

#include <openssl/err.h>

#include <boost/test/unit_test.hpp>

#include "changebank/base/text/Base64Url.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::keySetOf;
using changebank::tests::TestKey;

namespace {

std::shared_ptr<const JwkSet> keysOf(const TestKey& key, const std::string& extra = {}) {
    return std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(keySetOf({key.jwk(extra)})));
}

std::string header(std::string_view algorithm) {
    return R"({"alg":")" + std::string(algorithm) + "\"}";
}

std::optional<Cause> causeOf(const std::string& token, const JwkSet& keys,
                             const AlgorithmSet& allowed = AlgorithmSet::all()) {
    const auto verified = verifyJws(token, keys, allowed);
    const auto* refusal = std::get_if<Refusal>(&verified);
    // Whatever the result, nothing may be left for the next TLS read on this thread.
    BOOST_TEST(ERR_peek_error() == 0U);
    return refusal ? std::optional(refusal->cause) : std::nullopt;
}

std::string withSignature(const std::string& token, const std::string& signature) {
    return token.substr(0, token.rfind('.') + 1) + encodeBase64Url(signature);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JwsVerificationTest)

BOOST_AUTO_TEST_CASE(everyAlgorithmVerifiesItsOwnTokens) {
    for (std::size_t i = 0; i < algorithmCount; ++i) {
        const auto algorithm = static_cast<Algorithm>(i);
        const auto& key = TestKey::shared(traitsOf(algorithm).family);
        const auto keys = keysOf(key);
        const auto token = key.token(algorithm, header(traitsOf(algorithm).name), "any bytes \xFF");
        const auto verified = verifyJws(token, *keys, AlgorithmSet{algorithm});
        BOOST_REQUIRE_MESSAGE(std::holds_alternative<VerifiedJws>(verified), traitsOf(algorithm).name);
        BOOST_TEST(std::get<VerifiedJws>(verified).payload == "any bytes \xFF");
    }
}

BOOST_AUTO_TEST_CASE(noAlgorithmVerifiesTheTokensOfAnother) {
    for (std::size_t i = 0; i < algorithmCount; ++i) {
        const auto algorithm = static_cast<Algorithm>(i);
        const auto& key = TestKey::shared(traitsOf(algorithm).family);
        const auto keys = keysOf(key);
        for (std::size_t j = 0; j < algorithmCount; ++j) {
            if (i == j) continue;
            const auto claimed = traitsOf(static_cast<Algorithm>(j));
            const auto token = key.token(algorithm, header(claimed.name), "{}");
            const auto expected =
                claimed.family == key.family() ? Cause::signatureInvalid : Cause::noMatchingKey;
            BOOST_TEST((causeOf(token, *keys) == expected),
                       traitsOf(algorithm).name << " as " << claimed.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(edDsaIsAnAliasOfEd25519) {
    const auto& key = TestKey::shared(KeyFamily::ed25519);
    for (const char* name : {"EdDSA", "Ed25519"}) {
        const auto token = key.token(Algorithm::ed25519, header(name), "{}");
        for (const char* bound : {"", R"("alg":"EdDSA")", R"("alg":"Ed25519")"}) {
            BOOST_TEST(!causeOf(token, *keysOf(key, bound)).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(anAlgorithmMustBeAllowed) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    const auto keys = keysOf(key);
    for (const auto algorithm : {Algorithm::rs384, Algorithm::ps256}) {
        const auto token = key.token(algorithm, header(traitsOf(algorithm).name), "{}");
        BOOST_TEST((causeOf(token, *keys, {Algorithm::rs256}) == Cause::algorithmNotAllowed));
    }
}

BOOST_AUTO_TEST_CASE(hmacAndNoneAreNeverSupported) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    const auto keys = keysOf(key);
    for (const char* name :
         {"none", "None", "NONE", "nOnE", "HS256", "HS384", "HS512", "rs256", "A128KW", "dir"}) {
        const auto signingInput = encodeBase64Url(header(name)) + "." + encodeBase64Url("{}");
        const auto mac = encodeBase64Url(changebank::tests::hmacSha256(key.publicPem(), signingInput));
        BOOST_TEST((causeOf(signingInput + "." + mac, *keys) == Cause::algorithmUnsupported), name);
        BOOST_TEST((causeOf(signingInput + ".", *keys) == Cause::algorithmUnsupported), name);
    }
}

BOOST_AUTO_TEST_CASE(everyFlippedBitOfASignatureIsNoticed) {
    for (const auto algorithm :
         {Algorithm::rs256, Algorithm::ps256, Algorithm::es256, Algorithm::es512, Algorithm::ed25519}) {
        const auto& key = TestKey::shared(traitsOf(algorithm).family);
        const auto keys = keysOf(key);
        const auto token = key.token(algorithm, header(traitsOf(algorithm).name), "{}");
        const auto signature = decodeBase64Url(token.substr(token.rfind('.') + 1)).value();
        for (std::size_t bit = 0; bit < signature.size() * 8; bit += 5) {
            auto flipped = signature;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
            BOOST_TEST((causeOf(withSignature(token, flipped), *keys) == Cause::signatureInvalid));
        }
    }
}

BOOST_AUTO_TEST_CASE(signaturesOfAnotherLengthAreRefused) {
    for (const auto algorithm : {Algorithm::rs256, Algorithm::ps256, Algorithm::es256, Algorithm::es384,
                                 Algorithm::es512, Algorithm::ed25519}) {
        const auto& key = TestKey::shared(traitsOf(algorithm).family);
        const auto keys = keysOf(key);
        const auto token = key.token(algorithm, header(traitsOf(algorithm).name), "{}");
        const auto signature = decodeBase64Url(token.substr(token.rfind('.') + 1)).value();
        const std::string zero(1, '\0');
        for (const auto& wrong :
             {std::string(), signature.substr(1), signature.substr(0, signature.size() - 1), zero + signature,
              signature + zero, signature + signature}) {
            BOOST_TEST((causeOf(withSignature(token, wrong), *keys) == Cause::signatureInvalid));
        }
        BOOST_TEST((causeOf(token + "=", *keys) == Cause::signatureInvalid));
        BOOST_TEST((causeOf(token + "!", *keys) == Cause::signatureInvalid));
    }
}

BOOST_AUTO_TEST_CASE(derSignaturesAreRefused) {
    const auto& key = TestKey::shared(KeyFamily::p256);
    const auto signingInput = encodeBase64Url(header("ES256")) + "." + encodeBase64Url("{}");
    const EvpDigestContext context(EVP_MD_CTX_new());
    EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, &key.key(), nullptr);
    std::string der(80, '\0');
    std::size_t size = der.size();
    BOOST_REQUIRE(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(der.data()), &size,
                                 asBytes(signingInput), signingInput.size()) == 1);
    der.resize(size);
    BOOST_TEST((causeOf(signingInput + "." + encodeBase64Url(der), *keysOf(key)) == Cause::signatureInvalid));
}

BOOST_AUTO_TEST_CASE(aTokenOfAnotherKeyIsRefused) {
    const auto other = TestKey::generate(KeyFamily::rsa);
    const auto token = other.token(Algorithm::rs256, R"({"alg":"RS256","kid":"k1"})", "{}");
    BOOST_TEST((causeOf(token, *keysOf(TestKey::shared(KeyFamily::rsa), R"("kid":"k1")")) ==
                Cause::signatureInvalid));
}

BOOST_AUTO_TEST_CASE(keysInTheHeaderAreNeverUsed) {
    const auto attacker = TestKey::generate(KeyFamily::rsa);
    const auto keys = keysOf(TestKey::shared(KeyFamily::rsa), R"("kid":"k1")");
    for (const std::string& parameter :
         {"\"jwk\":" + attacker.jwk(), std::string(R"("jku":"http://127.0.0.1:1/jwks.json")"),
          std::string(R"("x5u":"http://127.0.0.1:1/cert.pem")"), std::string(R"("x5c":["MIIB"])")}) {
        const auto token =
            attacker.token(Algorithm::rs256, R"({"alg":"RS256","kid":"k1",)" + parameter + "}", "{}");
        BOOST_TEST((causeOf(token, *keys) == Cause::signatureInvalid));
    }
}

BOOST_AUTO_TEST_CASE(anOddKeyIdMatchesNoKey) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    for (const char* keyId : {"1", "null", "{}", "[\"k1\"]"}) {
        const auto token =
            key.token(Algorithm::rs256, R"({"alg":"RS256","kid":)" + std::string(keyId) + "}", "{}");
        BOOST_TEST((causeOf(token, *keysOf(key)) == Cause::noMatchingKey));
    }
}

BOOST_AUTO_TEST_CASE(thePayloadIsCheckedAfterTheSignature) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    const auto keys = keysOf(key);
    for (const char* payload : {"e30=", "e31", "e3 0", "e", "e+0/"}) {
        const auto signingInput = encodeBase64Url(header("RS256")) + "." + payload;
        const auto good = signingInput + "." + encodeBase64Url(key.sign(Algorithm::rs256, signingInput));
        BOOST_TEST((causeOf(good, *keys) == Cause::payloadNotBase64Url), payload);
        BOOST_TEST((causeOf(signingInput + ".AAAA", *keys) == Cause::signatureInvalid), payload);
    }
    for (const char* extension : {R"("b64":false,"crit":["b64"])", R"("b64":false)"}) {
        const auto signingInput =
            encodeBase64Url(R"({"alg":"RS256",)" + std::string(extension) + "}") + ".$02";
        const auto good = signingInput + "." + encodeBase64Url(key.sign(Algorithm::rs256, signingInput));
        BOOST_TEST((causeOf(good, *keys) == Cause::payloadUnencoded));
    }
}

// 4096 random damages of a good token: none may pass.
BOOST_AUTO_TEST_CASE(noDamagedTokenPasses) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    const auto keys = keysOf(key);
    const auto token = key.token(Algorithm::rs256, header("RS256"), R"({"sub":"x"})");
    std::uint32_t random = 1;
    for (int i = 0; i < 4096; ++i) {
        random = random * 1664525U + 1013904223U;
        auto damaged = token;
        damaged[(random >> 8) % damaged.size()] = static_cast<char>(random >> 24);
        if (damaged != token) BOOST_TEST(causeOf(damaged, *keys).has_value());
    }
}

BOOST_AUTO_TEST_CASE(aRefusalSaysWhichKeyWasWanted) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    const auto keys = keysOf(key, R"("kid":"k1")");
    const auto evidence = [&](const std::string& header, const std::string& signature = {}) {
        auto token = key.token(Algorithm::rs256, header, "{}");
        if (!signature.empty()) token = withSignature(token, signature);
        const auto verified = verifyJws(token, *keys, AlgorithmSet{Algorithm::rs256, Algorithm::ps256});
        const auto& refusal = std::get<Refusal>(verified);
        return refusal.expected + " / " + refusal.found;
    };
    BOOST_TEST(evidence(R"({"alg":"HS256"})") == "RS256,PS256 / HS256");
    BOOST_TEST(evidence(R"({"alg":"RS512"})") == "RS256,PS256 / RS512");
    BOOST_TEST(evidence(R"({"alg":"RS256","kid":"k2"})") == "kid k1 / kid k2, alg RS256");
    BOOST_TEST(evidence(R"({"alg":"RS256","kid":7})") == "kid k1 / a kid that is no string, alg RS256");
    BOOST_TEST(evidence(R"({"alg":"RS256","kid":"k1"})", "false") ==
               "a signature by that key / kid k1, alg RS256");
    BOOST_TEST(evidence(R"({"alg":"RS256"})", "false") == "a signature by that key / no kid, alg RS256");
}

BOOST_AUTO_TEST_SUITE_END()
