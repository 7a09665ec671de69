#include "changebank/kickstart/oauth/ProofKey.h"

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
    BOOST_TEST(ProofKey::challengeOf(verifier) == challenge);
    BOOST_TEST(ProofKey::fits(verifier, challenge));
}

BOOST_AUTO_TEST_CASE(OtherVerifiersDoNotMatch) {
    for (const auto& other :
         {std::string(), challenge, verifier + "A", verifier.substr(1), std::string("x")}) {
        BOOST_TEST(!ProofKey::fits(other, challenge), other);
    }
    BOOST_TEST(!ProofKey::fits(verifier, ""));
}

BOOST_AUTO_TEST_CASE(OnlyTextsOfTheRightFormAreVerifiers) {
    for (const auto& text : {std::string(42, 'a'), std::string(129, 'a'), std::string(42, 'a') + "+"}) {
        BOOST_TEST(!ProofKey::fits(text, ProofKey::challengeOf(text)), text);
    }
    for (const auto& text : {std::string(43, 'a'), std::string(128, '~')}) {
        BOOST_TEST(ProofKey::fits(text, ProofKey::challengeOf(text)), text);
    }
}

BOOST_AUTO_TEST_CASE(AChallengeIsADigestInBase64Url) {
    BOOST_TEST(ProofKey::isChallenge(challenge));
    for (const auto& text :
         {std::string(), challenge + "A", challenge.substr(1), challenge + "=",
          std::string("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"), std::string(43, '_')}) {
        BOOST_TEST(!ProofKey::isChallenge(text), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
