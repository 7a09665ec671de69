#include "changebank/base/system/Sha256.h"

#include <boost/test/unit_test.hpp>

#include "changebank/base/text/Base64Url.h"

using namespace changebank;

BOOST_AUTO_TEST_SUITE(Sha256Test)

// FIPS 180-4, and RFC 7636 appendix B.
BOOST_AUTO_TEST_CASE(digestsPublishedVectors) {
    BOOST_TEST(encodeBase64Url(sha256("")) == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
    BOOST_TEST(encodeBase64Url(sha256("abc")) == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    BOOST_TEST(encodeBase64Url(sha256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")) ==
               "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

BOOST_AUTO_TEST_SUITE_END()
