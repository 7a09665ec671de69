#include "changebank/base/text/Json.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

using namespace changebank;

BOOST_AUTO_TEST_SUITE(JsonTest)

BOOST_AUTO_TEST_CASE(readsEveryKindOfValue) {
    const auto json =
        Json::parse(R"( {"s":"a","n":-1.5e2,"t":true,"f":false,"z":null,"a":[1,[]],"o":{"x":{}}} )");
    BOOST_REQUIRE(json.has_value());
    BOOST_TEST(*json->find("s")->string() == "a");
    BOOST_TEST(json->find("n")->number()->value() == -150.0);
    BOOST_TEST(json->find("n")->number()->text == "-1.5e2");
    BOOST_TEST(*json->find("t")->boolean());
    BOOST_TEST(!*json->find("f")->boolean());
    BOOST_TEST(json->find("z")->isNull());
    BOOST_TEST(json->find("a")->array()->size() == 2U);
    BOOST_TEST(json->find("o")->find("x")->object()->empty());
    BOOST_TEST(json->find("absent") == nullptr);
    BOOST_TEST(json->find("s")->find("x") == nullptr);
    BOOST_TEST(json->find("s")->number() == nullptr);
    BOOST_TEST(json->toText() ==
               R"({"s":"a","n":-1.5e2,"t":true,"f":false,"z":null,"a":[1,[]],"o":{"x":{}}})");
}

BOOST_AUTO_TEST_CASE(readsScalarsAtTheTop) {
    BOOST_TEST(Json::parse("null")->isNull());
    BOOST_TEST(*Json::parse(" \"x\" ")->string() == "x");
    BOOST_TEST(Json::parse("0")->number()->value() == 0.0);
}

BOOST_AUTO_TEST_CASE(refusesWhatIsNotJson) {
    for (const char* text : {"",
                             " ",
                             "{",
                             "}",
                             "[",
                             "[1",
                             "[1,]",
                             "[,1]",
                             "{\"a\"}",
                             "{\"a\":}",
                             "{\"a\":1,}",
                             "{a:1}",
                             "{'a':1}",
                             "tru",
                             "True",
                             "nul",
                             "NaN",
                             "Infinity",
                             "-Infinity",
                             "-",
                             "+1",
                             "01",
                             "-01",
                             "1.",
                             ".5",
                             "1e",
                             "1e+",
                             "0x1",
                             "1 2",
                             "{} {}",
                             "{}x",
                             "\"a",
                             "\"\\x\"",
                             "\"\\u12\"",
                             "\"\\u12G4\"",
                             "\"\\u+123\"",
                             "\"\\",
                             "\"\t\"",
                             "\"\n\"",
                             "// c\n1",
                             "\xEF\xBB\xBF{}",
                             "\"\xFF\"",
                             "\"\xC0\x80\"",
                             "\"\xED\xA0\x80\"",
                             "[1}",
                             "{]"}) {
        BOOST_TEST(!Json::parse(text).has_value(), text);
    }
    BOOST_TEST(!Json::parse(std::string_view("1\0", 2)).has_value());
    BOOST_TEST(!Json::parse(std::string_view("\"\0\"", 3)).has_value());
}

BOOST_AUTO_TEST_CASE(unescapesStrings) {
    BOOST_TEST(*Json::parse(R"("\"\\\/\b\f\n\r\t")")->string() == "\"\\/\b\f\n\r\t");
    BOOST_TEST(*Json::parse(R"("\u0041\u00e4\u20ac\ud83d\ude00")")->string() ==
               "A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
    BOOST_TEST(*Json::parse(R"("\u0000")")->string() == std::string(1, '\0'));
}

BOOST_AUTO_TEST_CASE(refusesLoneSurrogates) {
    for (const char* text : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\n")",
                             R"("\ud800\u0041")", R"("\ud800\ud800")"}) {
        BOOST_TEST(!Json::parse(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_CASE(refusesAMemberThatOccursTwice) {
    for (const char* text : {R"({"a":1,"a":1})", R"({"exp":1,"ex\u0070":2})", R"({"x":{"a":1,"b":2,"a":3}})",
                             R"({"":1,"":2})"}) {
        BOOST_TEST(!Json::parse(text).has_value(), text);
    }
    BOOST_TEST(Json::parse(R"({"a":{"a":1},"A":2,"b":[{"a":1},{"a":1}]})").has_value());
}

BOOST_AUTO_TEST_CASE(refusesAMemberThatOccursTwiceAmongMany) {
    std::string members;
    for (int i = 0; i < 1000; ++i)
        members += "\"m" + std::to_string(i) + "\":0,";
    BOOST_TEST(Json::parse("{" + members + "\"last\":0}").has_value());
    BOOST_TEST(!Json::parse("{" + members + "\"m500\":0}").has_value());
}

BOOST_AUTO_TEST_CASE(keepsToItsLimits) {
    const JsonLimits limits{64, 3, 5};
    BOOST_TEST(Json::parse("[[[1]]]", limits).has_value());
    BOOST_TEST(!Json::parse("[[[[1]]]]", limits).has_value());
    BOOST_TEST(Json::parse("[1,2,3,4]", limits).has_value());
    BOOST_TEST(!Json::parse("[1,2,3,4,5]", limits).has_value());
    BOOST_TEST(Json::parse("\"" + std::string(62, 'x') + "\"", limits).has_value());
    BOOST_TEST(!Json::parse("\"" + std::string(63, 'x') + "\"", limits).has_value());
    BOOST_TEST(!Json::parse(std::string(50'000, '[')).has_value());
    BOOST_TEST(!Json::parse(std::string(10'000, '[') + std::string(10'000, ']')).has_value());
}

BOOST_AUTO_TEST_CASE(countsTheDepthOfNeighboursApart) {
    const JsonLimits limits{64, 2, 16};
    BOOST_TEST(Json::parse("[[],[],[]]", limits).has_value());
    BOOST_TEST(Json::parse("[{},{},{}]", limits).has_value());
    BOOST_TEST(!Json::parse("[{},{\"a\":[]}]", limits).has_value());
}

BOOST_AUTO_TEST_CASE(keepsTheTextOfNumbersAndKnowsTheirSize) {
    BOOST_TEST(Json::parse("12345678901234567890123")->number()->text == "12345678901234567890123");
    BOOST_TEST(Json::parse("1e400")->number()->value() == std::numeric_limits<double>::infinity());
    BOOST_TEST(Json::parse("-1E+400")->number()->value() == -std::numeric_limits<double>::infinity());
    BOOST_TEST(Json::parse("1e-400")->number()->value() == 0.0);
    const std::string zeros(400, '0');
    const double infinity = std::numeric_limits<double>::infinity();
    BOOST_TEST(Json::parse("1" + zeros + "e-1")->number()->value() == infinity);
    BOOST_TEST(Json::parse("-1" + zeros)->number()->value() == -infinity);
    BOOST_TEST(Json::parse("0." + zeros + "1e1")->number()->value() == 0.0);
    BOOST_TEST(Json::parse("-0." + zeros + "1")->number()->value() == 0.0);
    BOOST_TEST(Json::parse("1" + zeros + "e-399")->number()->value() == 10.0);
    BOOST_TEST(Json::parse("-0")->number()->value() == 0.0);
    BOOST_TEST(Json::parse("9007199254740993")->number()->value() == 9007199254740992.0);
}

BOOST_AUTO_TEST_CASE(quotesAnythingAsOneLineOfJson) {
    BOOST_TEST(quoteJson("a\"b\\c\n\x01\x7F/") == R"("a\"b\\c\u000a\u0001\u007f/")");
    BOOST_TEST(quoteJson("\xC3\xA4") == "\"\xC3\xA4\"");
    BOOST_TEST(quoteJson("a\xFFz") == "\"a\xEF\xBF\xBDz\"");
    for (int byte = 0; byte < 256; ++byte) {
        const auto quoted = quoteJson(std::string(1, static_cast<char>(byte)));
        BOOST_TEST(Json::parse(quoted).has_value(), byte);
        BOOST_TEST(quoted.find('\n') == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
