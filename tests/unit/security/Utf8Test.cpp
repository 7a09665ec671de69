#include "security/Utf8.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace changebank::security;

BOOST_AUTO_TEST_SUITE(Utf8Test)

BOOST_AUTO_TEST_CASE(acceptsTheEdgesOfEachLength) {
    for (const std::string text : {"\x01", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                                   "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        BOOST_TEST(utf8SequenceLength(text) == text.size());
        BOOST_TEST(isUtf8(text + "x" + text));
    }
}

BOOST_AUTO_TEST_CASE(refusesOverlongSurrogatesOutOfRangeAndCutOff) {
    for (const std::string text :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80",
          "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
          "\xFE", "\xFF", "\xC2", "\xC2x", "\xE1\x80", "\xF1\x80\x80"}) {
        BOOST_TEST(utf8SequenceLength(text) == 0U);
        BOOST_TEST(!isUtf8("x" + text));
    }
    BOOST_TEST(isUtf8(""));
}

BOOST_AUTO_TEST_SUITE_END()
