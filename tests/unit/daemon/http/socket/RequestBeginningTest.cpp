#include "changebank/daemon/http/socket/RequestBeginning.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace changebank::http;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(RequestBeginningTest)

BOOST_AUTO_TEST_CASE(AMethodAndABlankBeginARequest) {
    for (const auto* bytes : {"GET / HTTP/1.1\r\n", "POST ", "get /", "M-SEARCH *", "PRI * HTTP/2.0\r\n"})
        BOOST_TEST((requestBeginning(bytes) == RequestBeginning::Request), bytes);
}

BOOST_AUTO_TEST_CASE(PartOfAMethodIsUndecided) {
    for (const auto* bytes : {"", "G", "GET", "M-"})
        BOOST_TEST((requestBeginning(bytes) == RequestBeginning::Undecided), bytes);
}

BOOST_AUTO_TEST_CASE(NothingElseBeginsOne) {
    for (const auto& bytes : {"\x16\x03\x01\x02\x00"s, "\x80\x2e\x01\x00\x02"s, "\x15"s, " GET"s, "GET\t"s,
                              "GET/"s, "GET\r\n"s, "\0GET "s, "\r\nGET "s, "G\xc3\x84 "s})
        BOOST_TEST((requestBeginning(bytes) == RequestBeginning::Other), bytes);
}

BOOST_AUTO_TEST_CASE(AMethodHasAMaximumLength) {
    const std::string longest(maxRequestBeginning - 1, 'A');
    BOOST_TEST((requestBeginning(longest) == RequestBeginning::Undecided));
    BOOST_TEST((requestBeginning(longest + " /") == RequestBeginning::Request));
    BOOST_TEST((requestBeginning(longest + "A") == RequestBeginning::Other));
    BOOST_TEST((requestBeginning(longest + "A /") == RequestBeginning::Other));
}

BOOST_AUTO_TEST_SUITE_END()
