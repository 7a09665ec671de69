#include "changebank/handlers/decision/MethodToken.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace changebank::handlers;

BOOST_AUTO_TEST_SUITE(MethodTokenTest)

BOOST_AUTO_TEST_CASE(aTokenWithoutLowerCaseIsOne) {
    for (const char* method : {"GET", "A", "M-SEARCH", "VERSION-CONTROL", "X1!#$%&'*+-.^_`|~", "*", "0"})
        BOOST_TEST(isMethodToken(method), method);
    for (const char* method : {"", "get", "Get", "GET,PUT", "GET PUT", " GET", "GET\t", "G(T", "G/T", "G@T",
                               "G\"", "G\x7F", "G\xC3\x9CT", "\xFF"})
        BOOST_TEST(!isMethodToken(method), method);
    using namespace std::string_view_literals;
    BOOST_TEST(!isMethodToken("G\0T"sv));
}

BOOST_AUTO_TEST_CASE(itsLengthIsBounded) {
    BOOST_TEST(isMethodToken(std::string(32, 'A')));
    BOOST_TEST(!isMethodToken(std::string(33, 'A')));
}

BOOST_AUTO_TEST_SUITE_END()
