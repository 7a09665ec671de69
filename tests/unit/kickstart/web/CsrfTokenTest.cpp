#include "changebank/kickstart/web/CsrfToken.h"

#include <boost/test/unit_test.hpp>

using changebank::kickstart::CsrfToken;

BOOST_AUTO_TEST_SUITE(CsrfTokenTest)

BOOST_AUTO_TEST_CASE(ATokenBelongsToOneCookieOfOneProcess) {
    const CsrfToken tokens;
    BOOST_TEST(tokens.matches("cookie", tokens.of("cookie")));
    BOOST_TEST(!tokens.matches("another", tokens.of("cookie")));
    BOOST_TEST(!tokens.matches("cookie", CsrfToken().of("cookie")));
    BOOST_TEST(!tokens.matches("cookie", "cookie"));
    BOOST_TEST(!tokens.matches("cookie", ""));
    BOOST_TEST(!tokens.matches("", tokens.of("")));
}

BOOST_AUTO_TEST_SUITE_END()
