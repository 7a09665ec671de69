#include "kickstart/JwkThumbprint.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using kickstart::jwkThumbprint;

BOOST_AUTO_TEST_SUITE(JwkThumbprintTest)

// The key of RFC 7638 section 3.1, whose text is hashed with SHA-1 instead of SHA-256.
BOOST_AUTO_TEST_CASE(HashesTheTextOfTheStandard) {
    const security::Json::Object members{
        {"e", security::Json(std::string("AQAB"))},
        {"kty", security::Json(std::string("RSA"))},
        {"n",
         security::Json(std::string(
             "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_"
             "BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_"
             "FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6"
             "WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"))}};
    BOOST_TEST(jwkThumbprint(members) == "nMGlFRw9Y5POaSOaIaRBc9P2nfA");
}

BOOST_AUTO_TEST_SUITE_END()
