#include "changebank/base/text/Base64.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;

BOOST_AUTO_TEST_SUITE(Base64Test)

// RFC 4648 section 10.
BOOST_AUTO_TEST_CASE(padsToGroupsOfFour) {
    BOOST_TEST(encodeBase64("") == "");
    BOOST_TEST(encodeBase64("f") == "Zg==");
    BOOST_TEST(encodeBase64("fo") == "Zm8=");
    BOOST_TEST(encodeBase64("foo") == "Zm9v");
    BOOST_TEST(encodeBase64("foob") == "Zm9vYg==");
}

BOOST_AUTO_TEST_CASE(usesTheCharactersThatUrlsCannotHave) {
    BOOST_TEST(encodeBase64("\xFB\xEF\xFF") == "++//");
}

BOOST_AUTO_TEST_SUITE_END()
