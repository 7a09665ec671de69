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

BOOST_AUTO_TEST_CASE(leavesATextWithoutControlCharactersAsItIs) {
    BOOST_TEST(oneLine(R"(a "b" \c)") == R"(a "b" \c)");
}

BOOST_AUTO_TEST_SUITE_END()
