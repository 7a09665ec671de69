#include "changebank/daemon/settings/sources/Properties.h"

#include <Poco/AutoPtr.h>
#include <Poco/Util/PropertyFileConfiguration.h>

#include <boost/test/unit_test.hpp>
#include <sstream>

using namespace changebank;
using namespace changebank::daemon;

namespace {

/// Each property as LINE[KEY][VALUE].
std::string read(std::string_view text) {
    std::string result;
    for (const auto& property : parseProperties(text)) {
        result += std::to_string(property.line) + "[" + property.key + "][" + property.value + "]";
    }
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PropertiesTest)

BOOST_AUTO_TEST_CASE(keysAndValuesAreSeparatedByEqualsOrColon) {
    BOOST_TEST(read("a=1\nb : 2\n  c  =  3 4  \nd=") == "1[a][1]2[b][2]3[c][3 4]4[d][]");
    BOOST_TEST(read("uri = http://x:1/?a=b") == "1[uri][http://x:1/?a=b]");
    BOOST_TEST(read("a=1\r\nb=2\r\n") == "1[a][1]2[b][2]");
}

BOOST_AUTO_TEST_CASE(commentsAndBlankLinesAreSkippedButCounted) {
    BOOST_TEST(read("# a=1\n! b=2\n\n   \t\n  # c=3\nd=4#5") == "6[d][4#5]");
    BOOST_TEST(read("") == "");
}

BOOST_AUTO_TEST_CASE(aBackslashContinuesALine) {
    BOOST_TEST(read("a=1,\\\n2,\\\r\n3\nb=4") == "1[a][1,2,3]4[b][4]");
    BOOST_TEST(read("a=1\\") == "1[a][1]");
    BOOST_TEST(read("# comment \\\na=1") == "2[a][1]");
}

BOOST_AUTO_TEST_CASE(backslashesEscape) {
    BOOST_TEST(read("a=x\\ty\\nz\\\\") == "1[a][x\ty\nz\\]");
    BOOST_TEST(read("a\\=b=c") == "1[a=b][c]");
    BOOST_TEST(read("a\\:b=c\\qd") == "1[a:b][cqd]");
}

BOOST_AUTO_TEST_CASE(repeatedAndBrokenLinesAreKept) {
    BOOST_TEST(read("a=1\na=2") == "1[a][1]2[a][2]");
    BOOST_TEST(read("a=1\njunk\n=2\nb=3") == "1[a][1]2[][]3[][2]4[b][3]");
}

BOOST_AUTO_TEST_CASE(pocoReadsTheSame) {
    const std::string text = "# c\na=1\nb : 2 3\nc=x\\ty\\\\z\nd=1,\\\n2\n  e.f = g=h:i  \nk=\n";
    std::istringstream stream(text);
    const Poco::AutoPtr<Poco::Util::PropertyFileConfiguration> poco(
        new Poco::Util::PropertyFileConfiguration(stream));
    const auto properties = parseProperties(text);
    BOOST_TEST(properties.size() == 6U);
    for (const auto& property : properties)
        BOOST_TEST(poco->getRawString(property.key) == property.value);
}

BOOST_AUTO_TEST_CASE(aWrittenLineReadsAsItWas) {
    for (const std::string value :
         {"", "plain", "a=b:c", "tab\tnew\nline\r\fend", "back\\slash\\n", "#x", "!x", "a\\"}) {
        const auto properties = parseProperties(propertyLine("key", value) + "\nnext = 1");
        BOOST_REQUIRE_EQUAL(properties.size(), 2U);
        BOOST_TEST(properties[0].key == "key");
        BOOST_TEST(properties[0].value == value);
    }
}

BOOST_AUTO_TEST_SUITE_END()
