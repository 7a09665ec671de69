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

// RFC 7914 section 11: PBKDF2-HMAC-SHA-256, P="passwd", S="salt", c=1, first 32 octets.
BOOST_AUTO_TEST_CASE(IsTheFunctionOfTheStandard) {
    BOOST_TEST(PasswordHash::digest("passwd", "salt", 1) ==
               "\x55\xac\x04\x6e\x56\xe3\x08\x9f\xec\x16\x91\xc2\x25\x44\xb6\x05"
               "\xf9\x41\x85\x21\x6d\xde\x04\x65\xe6\x8b\x9d\x57\xc2\x0d\xac\xbc");
}

BOOST_AUTO_TEST_CASE(CostsWhatTheAdviceAsks) {
    BOOST_TEST(PasswordHash::defaultIterations >= 600'000);
}

BOOST_AUTO_TEST_SUITE_END()
