#include "changebank/security/jose/Algorithm.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::security;

BOOST_AUTO_TEST_SUITE(AlgorithmTest)

BOOST_AUTO_TEST_CASE(namesAreExact) {
    for (const char* name :
         {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"}) {
        BOOST_TEST(traitsOf(algorithmNamed(name).value()).name == name);
    }
    BOOST_TEST((algorithmNamed("EdDSA") == Algorithm::ed25519));
    for (const char* name : {"", "none", "None", "HS256", "HS384", "HS512", "rs256", "RS256 ", "RS1",
                             "ES256K", "Ed448", "RSA-OAEP"}) {
        BOOST_TEST(!algorithmNamed(name).has_value(), name);
    }
}

BOOST_AUTO_TEST_CASE(listsAreReadAndWritten) {
    BOOST_TEST(AlgorithmSet::parse("RS256").value().toText() == "RS256");
    BOOST_TEST(AlgorithmSet::parse(" ES256 , RS256,EdDSA").value().toText() == "RS256,ES256,Ed25519");
    for (const char* list : {"", ",", "RS256,", "none", "RS256,HS256", "RS256;ES256"}) {
        BOOST_TEST(!AlgorithmSet::parse(list).has_value(), list);
    }
    BOOST_TEST(AlgorithmSet().empty());
    BOOST_TEST(AlgorithmSet::all().contains(Algorithm::ps512));
    BOOST_TEST((AlgorithmSet::parse(AlgorithmSet::all().toText()) == AlgorithmSet::all()));
}

BOOST_AUTO_TEST_SUITE_END()
