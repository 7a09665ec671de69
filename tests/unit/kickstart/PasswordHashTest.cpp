#include "kickstart/PasswordHash.h"

#include <boost/test/unit_test.hpp>

using changebank::kickstart::PasswordHash;

BOOST_AUTO_TEST_SUITE(PasswordHashTest)

BOOST_AUTO_TEST_CASE(MatchesThePasswordAlone) {
    const auto hash = PasswordHash::of("password", 10);
    BOOST_TEST(hash.matches("password"));
    for (const char* other : {"", "Password", "password ", "passwor", "passwordpassword"}) {
        BOOST_TEST(!hash.matches(other), other);
    }
}

BOOST_AUTO_TEST_CASE(TakesEveryOctet) {
    const std::string password("a\0b\xFF", 4);
    const auto hash = PasswordHash::of(password, 10);
    BOOST_TEST(hash.matches(password));
    BOOST_TEST(!hash.matches("a"));
}

// The well-known vector P="password", S="salt", c=1, which Python's hashlib gives, too.
BOOST_AUTO_TEST_CASE(IsTheFunctionOfTheStandard) {
    BOOST_TEST(PasswordHash::digest("password", "salt", 1) ==
               "\x86\x7f\x70\xcf\x1a\xde\x02\xcf\xf3\x75\x25\x99\xa3\xa5\x3d\xc4"
               "\xaf\x34\xc7\xa6\x69\x81\x5a\xe5\xd5\x13\x55\x4e\x1c\x8c\xf2\x52");
}

BOOST_AUTO_TEST_CASE(CostsWhatTheAdviceAsks) {
    BOOST_TEST(PasswordHash::defaultIterations >= 210'000);
}

BOOST_AUTO_TEST_CASE(ComesBackFromItsText) {
    const auto text = PasswordHash::of("password", 10).toText();
    BOOST_TEST(text.starts_with("pbkdf2-sha512$10$"));
    const auto back = PasswordHash::parse(text);
    BOOST_REQUIRE(back);
    BOOST_TEST(back->matches("password"));
    BOOST_TEST(!back->matches("passwore"));
    BOOST_TEST(back->toText() == text);
}

BOOST_AUTO_TEST_CASE(OtherTextsAreNone) {
    const auto text = PasswordHash::of("password", 10).toText();
    for (const auto& other :
         {std::string(), text + "$", text + "$x", text + "x", text.substr(0, text.size() - 1), "x" + text,
          std::string("pbkdf2-sha512$0$AAAA$AAAA"),
          std::string("pbkdf2-sha512$-1$AAAA") + text.substr(text.rfind('$')), std::string("password")}) {
        BOOST_TEST(!PasswordHash::parse(other), other);
    }
}

BOOST_AUTO_TEST_CASE(NothingMatchesNothing) {
    const auto hash = PasswordHash::ofNothing(10);
    BOOST_TEST(!hash.matches(""));
    BOOST_TEST(!hash.matches("password"));
}

BOOST_AUTO_TEST_SUITE_END()
