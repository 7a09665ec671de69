#include "changebank/base/text/ForeignText.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;

BOOST_AUTO_TEST_SUITE(ForeignTextTest)

BOOST_AUTO_TEST_CASE(quotesATextAndEscapesItAsInJson) {
    BOOST_TEST(inQuotes("plain") == R"("plain")");
    BOOST_TEST(inQuotes("a \"b\"\n") == R"("a \"b\"\u000a")");
}

BOOST_AUTO_TEST_CASE(cutsWhatIsLongerThan80Bytes) {
    const std::string longest(80, 'x');
    BOOST_TEST(inQuotes(longest) == '"' + longest + '"');
    BOOST_TEST(inQuotes(longest + "y") == '"' + longest + "\"...");
}

BOOST_AUTO_TEST_CASE(escapesControlCharactersSoThatTheLineDoesNotEnd) {
    BOOST_TEST(oneLine("one\ntwo\t\x7F") == R"(one\u000atwo\u0009\u007f)");
}

BOOST_AUTO_TEST_CASE(escapesWhatATerminalObeysInsteadOfShowingIt) {
    BOOST_TEST(oneLine("a\u009B31m\u202Eb\u2028c\u2066d\u061C") ==
               R"(a\u009b31m\u202eb\u2028c\u2066d\u061c)");
    BOOST_TEST(inQuotes("\u0085\u200F") == R"("\u0085\u200f")");
}

BOOST_AUTO_TEST_CASE(leavesATextWithoutControlCharactersAsItIs) {
    BOOST_TEST(oneLine(R"(a "b" \c)") == R"(a "b" \c)");
    BOOST_TEST(oneLine("gr\u00FC\u00DFe \u4F60 \U0001F600 \u00A0\u200D\u202F") ==
               "gr\u00FC\u00DFe \u4F60 \U0001F600 \u00A0\u200D\u202F");
}

BOOST_AUTO_TEST_SUITE_END()
