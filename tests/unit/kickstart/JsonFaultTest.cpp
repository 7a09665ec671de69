#include "kickstart/JsonFault.h"

#include <boost/test/unit_test.hpp>

using changebank::kickstart::findJsonFault;

BOOST_AUTO_TEST_SUITE(JsonFaultTest)

namespace {

std::string placeOf(const std::string& text) {
    const auto fault = findJsonFault(text);
    BOOST_TEST(!fault.reason.empty());
    return std::to_string(fault.line) + ":" + std::to_string(fault.column);
}

}  // namespace

BOOST_AUTO_TEST_CASE(NamesTheLineAndColumnOfTheFault) {
    BOOST_TEST(placeOf("{\"a\":1,}") == "1:8");
    BOOST_TEST(placeOf("{\n  \"a\": 1,\n  \"b\" 2\n}") == "3:7");
    BOOST_TEST(placeOf("[1, 2]]") == "1:7");
}

BOOST_AUTO_TEST_CASE(NamesTheEndWhereSomethingIsMissing) {
    BOOST_TEST(placeOf("") == "1:1");
    BOOST_TEST(placeOf("{\"a\":") == "1:6");
    BOOST_TEST(placeOf("{\n\"a\": [1, 2") == "2:11");
    BOOST_TEST(placeOf("\"abc") == "1:5");
    BOOST_TEST(findJsonFault("[").reason == "the text ends too early");
}

BOOST_AUTO_TEST_CASE(NamesAMemberThatOccursTwice) {
    const auto fault = findJsonFault("{\"a\": {\"b\": 1},\n \"a\": 2}");
    BOOST_TEST(fault.line == 2U);
    BOOST_TEST(fault.reason == "the member \"a\" occurs twice");
}

BOOST_AUTO_TEST_CASE(TheSameNameInTwoObjectsIsNoFault) {
    BOOST_TEST(findJsonFault("{\"a\": {\"a\": 1}, \"b\": {\"a\": 2}}").reason ==
               "not well-formed JSON, or larger or nested deeper than is read");
}

BOOST_AUTO_TEST_SUITE_END()
