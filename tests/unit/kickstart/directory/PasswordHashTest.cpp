#include "changebank/kickstart/directory/PasswordHash.h"

#include <boost/test/unit_test.hpp>

using changebank::kickstart::PasswordHash;

BOOST_AUTO_TEST_SUITE(PasswordHashTest)

BOOST_AUTO_TEST_CASE(MatchesOnlyThePassword) {
    const PasswordHash hash("password");
    BOOST_TEST(hash.matches("password"));
    for (const char* other : {"", "Password", "password ", "passwor", "passwordpassword"}) {
        BOOST_TEST(!hash.matches(other), other);
    }
}

BOOST_AUTO_TEST_CASE(AcceptsEveryByte) {
    const std::string password("a\0b\xFF", 4);
    const PasswordHash hash(password);
    BOOST_TEST(hash.matches(password));
    BOOST_TEST(!hash.matches("a"));
}

BOOST_AUTO_TEST_SUITE_END()
