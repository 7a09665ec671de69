#include <boost/test/unit_test.hpp>

#include "changebank/security/jose/SignatureVerifier.h"
#include "tests/support/Pkcs1Forgeries.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;

namespace {

constexpr std::size_t size = 256;
const std::string text = "what is signed";

std::string digest() {
    return sha256(text);
}

/// n plus or minus the signature, of the key's length.
std::string complement(const TestKey& key, const std::string& signature, bool plus) {
    BIGNUM* raw = nullptr;
    EVP_PKEY_get_bn_param(&key.key(), "n", &raw);
    const BigNumber n(raw);
    const BigNumber s(BN_bin2bn(asBytes(signature), static_cast<int>(signature.size()), nullptr));
    const BigNumber result(BN_new());
    if (plus)
        BN_add(result.get(), n.get(), s.get());
    else
        BN_sub(result.get(), n.get(), s.get());
    std::string out(size, '\0');
    return BN_bn2binpad(result.get(), reinterpret_cast<unsigned char*>(out.data()), size) < 0 ? "" : out;
}

}  // namespace

// RFC 8017 section 8.2.2: the encoded message is compared as a whole, whatever a reader of it would find.
BOOST_AUTO_TEST_SUITE(SignatureVerifierPkcs1Test)

BOOST_AUTO_TEST_CASE(theRightEncodingVerifies) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    const auto signature = key.privateOperation(pkcs1Encoded(digest(), size));
    BOOST_TEST(signature == key.sign(Algorithm::rs256, text));
    BOOST_TEST(SignatureVerifier(Algorithm::rs256, key.key()).verify(text, signature));
}

BOOST_AUTO_TEST_CASE(noForgedEncodingDoes) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    const SignatureVerifier verifier(Algorithm::rs256, key.key());
    const auto forgeries = pkcs1Forgeries(digest(), size);
    BOOST_TEST(forgeries.size() >= 700U);
    for (const auto& [name, message] : forgeries) {
        BOOST_TEST(!verifier.verify(text, key.privateOperation(message)), name);
        BOOST_TEST(ERR_peek_error() == 0U);
    }
}

// A short exponent makes the attacks of 2006 cheap: nobody needs the private key to take a cube root.
BOOST_AUTO_TEST_CASE(noCubeRootPassesUnderTheExponentThree) {
    const auto key = TestKey::generateRsa(3);
    const SignatureVerifier verifier(Algorithm::rs256, key.key());
    BOOST_TEST(verifier.verify(text, key.sign(Algorithm::rs256, text)));
    for (const auto& [name, signature] : cubeRootForgeries(digest(), size)) {
        // The forgery is a good one: its cube begins as an encoded message does.
        const auto message = key.publicOperation(signature);
        BOOST_TEST(message.substr(0, 2) == std::string("\0\1", 2), name);
        BOOST_TEST(message.find(digest()) != std::string::npos, name);
        BOOST_TEST(!verifier.verify(text, signature), name);
    }
    for (const auto& [name, message] : pkcs1Forgeries(digest(), size)) {
        if (name.rfind("padding of", 0) == 0)
            BOOST_TEST(!verifier.verify(text, key.privateOperation(message)), name);
    }
}

BOOST_AUTO_TEST_CASE(eachSignatureHasOneForm) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    const SignatureVerifier verifier(Algorithm::rs256, key.key());
    const auto signature = key.sign(Algorithm::rs256, text);
    BOOST_TEST(!verifier.verify(text, complement(key, signature, false)));
    BOOST_TEST(!verifier.verify(text, complement(key, signature, true)));
    for (const auto& odd :
         {std::string(size, '\0'), std::string(size - 1, '\0') + "\1", std::string(size, '\xFF'),
          complement(key, std::string(1, '\0'), true), complement(key, "\1", false)}) {
        BOOST_TEST(!verifier.verify(text, odd));
    }
    for (std::size_t zeros = 1; zeros <= 8; ++zeros)
        BOOST_TEST(!verifier.verify(text, std::string(zeros, '\0') + signature));
}

BOOST_AUTO_TEST_CASE(aDigestOfAnotherLengthIsNotTaken) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    const auto signature = key.sign(Algorithm::rs256, text);
    for (const auto algorithm : {Algorithm::rs384, Algorithm::rs512, Algorithm::ps256})
        BOOST_TEST(!SignatureVerifier(algorithm, key.key()).verify(text, signature));
}

BOOST_AUTO_TEST_SUITE_END()
