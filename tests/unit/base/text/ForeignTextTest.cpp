#include "changebank/base/text/ForeignText.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;

BOOST_AUTO_TEST_SUITE(ForeignTextTest)

BOOST_AUTO_TEST_CASE(quotesAndEscapes) {
    BOOST_TEST(inQuotes("plain") == R"("plain")");
    BOOST_TEST(inQuotes("") == R"("")");
    BOOST_TEST(inQuotes("a\"b\\c\nd") == R"("a\"b\\c\u000ad")");
}

BOOST_AUTO_TEST_CASE(cutsBehindEightyBytes) {
    const std::string longest(80, 'x');
    BOOST_TEST(inQuotes(longest) == "\"" + longest + "\"");
    BOOST_TEST(inQuotes(longest + "y") == "\"" + longest + "\"...");
}

BOOST_AUTO_TEST_CASE(oneLineEscapesControlCharactersAlone) {
    BOOST_TEST(oneLine("\"plain\" \\ text") == "\"plain\" \\ text");
    BOOST_TEST(oneLine("two\nlines") == R"(two\u000alines)");
    BOOST_TEST(oneLine("a\rb\x1b[0m").find_first_of("\r\x1b") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
