#include "changebank/base/text/Utf8.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace changebank;

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

// Whatever the byte, wherever it stands, and whatever follows it.
BOOST_AUTO_TEST_CASE(findsTheEndOfWhatIsPlain) {
    for (int value = 0; value < 256; ++value) {
        const char byte = static_cast<char>(value);
        const bool control = value < 0x20 || value == 0x7F;
        const bool plain = !control && value < 0x80 && byte != '"' && byte != '\\';
        for (std::size_t before = 0; before < 20; ++before) {
            for (const std::string after : {"", "x", "\x01", "\x80", "\xFF!!!!!!!!!!!!!!!"}) {
                const auto text = std::string(before, '!') + byte + after;
                const auto next = after.empty() || after.front() == 'x' ? after.size() : 0;
                BOOST_TEST(plainLength(text) == (plain ? before + 1 + next : before), value << " " << before);
                BOOST_TEST(hasControl(text) == (control || after == "\x01"), value << " " << before);
            }
        }
    }
    BOOST_TEST(plainLength({}) == 0U);
    BOOST_TEST(!hasControl({}));
}

BOOST_AUTO_TEST_CASE(findsAControlCharacterInALongText) {
    for (int value = 0; value < 256; ++value) {
        for (const std::size_t size : {16U, 17U, 31U, 32U, 151U}) {
            for (std::size_t place = 0; place < size; ++place) {
                std::string text(size, '!');
                text[place] = static_cast<char>(value);
                BOOST_TEST(hasControl(text) == (value < 0x20 || value == 0x7F), value << " at " << place);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(hiddenCharactersAreC1ControlsSeparatorsAndBidirectionalControls) {
    for (const char* text : {"\u0080", "\u009F", "\u061C", "\u200E", "\u200F", "\u2028", "\u2029", "\u202A",
                             "\u202E", "\u2066", "\u2069"}) {
        BOOST_TEST(hasHidden(text), text);
        BOOST_TEST(hasHidden(std::string(200, 'a') + text));
        BOOST_TEST(hasHidden(std::string("\xFF") + text + "\u00E4"));
    }
    for (const char* text :
         {"", "a", "\n", "\u00A0", "\u061B", "\u200D", "\u2010", "\u2027", "\u202F", "\u2065", "\u206A",
          "\u4F60", "\U0001F600", "\U00010066", "\xC2", "\x80", "\xE2\x80"})
        BOOST_TEST(!hasHidden(text), text);
}

BOOST_AUTO_TEST_CASE(aPrefixDoesNotEndWithinACharacter) {
    BOOST_TEST(utf8Prefix("abc", 3) == "abc");
    BOOST_TEST(utf8Prefix("abc", 2) == "ab");
    BOOST_TEST(utf8Prefix("abc", 0) == "");
    BOOST_TEST(utf8Prefix("a\u00E4b", 2) == "a");
    BOOST_TEST(utf8Prefix("a\u00E4b", 3) == "a\u00E4");
    for (const std::size_t size : {1U, 2U, 3U})
        BOOST_TEST(utf8Prefix("\U0001F600", size) == "");
    BOOST_TEST(utf8Prefix("\U0001F600x", 4) == "\U0001F600");
    BOOST_TEST(utf8Prefix("\xF0\x9F\x98", 2) == "\xF0\x9F");
    BOOST_TEST(utf8Prefix("\x80\x80\x80\x80", 2).size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
