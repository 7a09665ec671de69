#include "changebank/security/jose/KeyThumbprint.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::security;

namespace {

std::string thumbprintOf(const std::string& jwk) {
    return keyThumbprint(Json::parse(jwk).value()).value_or("none");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(KeyThumbprintTest)

// RFC 7638 section 3.1: `alg` and `kid` do not count.
BOOST_AUTO_TEST_CASE(theExampleOfRfc7638) {
    BOOST_TEST(
        thumbprintOf(
            R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR)"
            R"(1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2)"
            R"(QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4l)"
            R"(Fd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256",)"
            R"("kid":"2011-04-29"})") == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

// RFC 7638 section 3.3: those members alone, in lexicographic order, without white space.
BOOST_AUTO_TEST_CASE(theInputHasTheMembersThatMakeTheKey) {
    const auto input = [](const std::string& jwk) {
        return thumbprintInput(Json::parse(jwk).value()).value_or("none");
    };
    BOOST_TEST(input(R"({"use":"sig", "n":"AA", "kty":"RSA", "e":"AQAB"})") ==
               R"({"e":"AQAB","kty":"RSA","n":"AA"})");
    BOOST_TEST(input(R"({"kty":"EC","y":"y","x":"x","crv":"P-256","d":"secret"})") ==
               R"({"crv":"P-256","kty":"EC","x":"x","y":"y"})");
    BOOST_TEST(input(R"({"kty":"RSA","n":"AA"})") == "none");
}

// RFC 8037 appendix A.3.
BOOST_AUTO_TEST_CASE(theExampleOfRfc8037) {
    BOOST_TEST(
        thumbprintOf(R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})") ==
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

// RFC 9449 section 6.1.
BOOST_AUTO_TEST_CASE(theKeyOfRfc9449) {
    BOOST_TEST(thumbprintOf(R"({"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",)"
                            R"("y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"})") ==
               "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
}

BOOST_AUTO_TEST_CASE(whatIsNoPublicKeyHasNone) {
    for (const auto jwk :
         {"{}", R"("EC")", R"({"kty":"oct","k":"AA"})", R"({"kty":"ec","crv":"P-256","x":"AA","y":"AA"})",
          R"({"kty":"EC","crv":"P-256","x":"AA"})", R"({"kty":"EC","crv":"P-256","x":"AA","y":1})",
          R"({"kty":"RSA","n":"AA"})", R"({"kty":"OKP","crv":"Ed25519"})", R"({"kty":["EC"]})"}) {
        BOOST_TEST(thumbprintOf(jwk) == "none", jwk);
    }
}

BOOST_AUTO_TEST_SUITE_END()
