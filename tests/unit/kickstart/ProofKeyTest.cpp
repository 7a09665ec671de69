#include "kickstart/oauth/ProofKey.h"

#include <boost/test/unit_test.hpp>

#include <string>

using changebank::kickstart::ProofKey;

namespace {

// RFC 7636 appendix B.
const std::string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const std::string challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

}  // namespace

BOOST_AUTO_TEST_SUITE(ProofKeyTest)

BOOST_AUTO_TEST_CASE(TheExampleOfTheRfcFits) {
    BOOST_TEST(ProofKey::of(verifier).challenge() == challenge);
    BOOST_TEST(ProofKey::parse(challenge)->matches(verifier));
}

BOOST_AUTO_TEST_CASE(OtherVerifiersDoNot) {
    const auto key = *ProofKey::parse(challenge);
    for (const auto& other :
         {std::string(), challenge, verifier + "A", verifier.substr(1), std::string("x")}) {
        BOOST_TEST(!key.matches(other), other);
    }
}

BOOST_AUTO_TEST_CASE(OnlyTextsOfTheRightFormAreVerifiers) {
    for (const auto& text : {std::string(42, 'a'), std::string(129, 'a'), std::string(42, 'a') + "+"}) {
        BOOST_TEST(!ProofKey::of(text).matches(text), text);
    }
    for (const auto& text : {std::string(43, 'a'), std::string(128, '~')}) {
        BOOST_TEST(ProofKey::of(text).matches(text), text);
    }
}

BOOST_AUTO_TEST_CASE(AChallengeIsADigestInBase64Url) {
    for (const auto& text :
         {std::string(), challenge + "A", challenge.substr(1), challenge + "=",
          std::string("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"), std::string(43, '_')}) {
        BOOST_TEST(!ProofKey::parse(text), text);
    }
}

BOOST_AUTO_TEST_CASE(EveryNewVerifierIsAnother) {
    const auto one = ProofKey::newVerifier();
    BOOST_TEST(one.size() == 43U);
    BOOST_TEST(one != ProofKey::newVerifier());
    BOOST_TEST(ProofKey::of(one).matches(one));
}

BOOST_AUTO_TEST_SUITE_END()
