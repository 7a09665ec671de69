#include "kickstart/oauth/CsrfToken.h"

#include <boost/test/unit_test.hpp>

using changebank::kickstart::CsrfToken;

BOOST_AUTO_TEST_SUITE(CsrfTokenTest)

BOOST_AUTO_TEST_CASE(ATokenBelongsToOneCookieOfOneProcess) {
    const CsrfToken tokens;
    const auto cookie = CsrfToken::newCookie();
    BOOST_TEST(cookie != CsrfToken::newCookie());
    BOOST_TEST(tokens.matches(cookie, tokens.of(cookie)));
    BOOST_TEST(!tokens.matches(CsrfToken::newCookie(), tokens.of(cookie)));
    BOOST_TEST(!tokens.matches(cookie, CsrfToken().of(cookie)));
    BOOST_TEST(!tokens.matches(cookie, cookie));
    BOOST_TEST(!tokens.matches(cookie, ""));
}

BOOST_AUTO_TEST_CASE(OnlyAValueOfOurOwnMakingIsACookie) {
    const CsrfToken tokens;
    BOOST_TEST(CsrfToken::isCookie(CsrfToken::newCookie()));
    for (const char* cookie : {"", "x", "AAAA"}) {
        BOOST_TEST(!CsrfToken::isCookie(cookie));
        BOOST_TEST(!tokens.matches(cookie, tokens.of(cookie)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
