#include "changebank/base/text/JsonText.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>

#include "changebank/base/text/Json.h"

using namespace changebank;
using changebank::Json;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(JsonTextTest)

BOOST_AUTO_TEST_CASE(membersKeepTheirOrderAndEveryKindOfValueItsForm) {
    auto object = jsonObject({{"z", "a/b"},
                              {"a", std::uint64_t{18446744073709551615U}},
                              {"yes", true},
                              {"none", Poco::Dynamic::Var()},
                              {"inner", jsonObject({{"half", 0.5}})}});
    object.set("later", std::string("x"));
    BOOST_TEST(textOf(object) == R"({"z":"a/b","a":18446744073709551615,"yes":true,"none":null,)"
                                 R"("inner":{"half":0.5},"later":"x"})");
    BOOST_TEST(textOf(jsonObject()) == "{}");
}

BOOST_AUTO_TEST_CASE(anyTextMakesOneLineThatReadsBack) {
    const auto text = "\"\\\0\n\r\x7f ä\u2028\U0001F600"s;
    const auto line = textOf(jsonObject({{"te\nxt", text}}));
    BOOST_TEST(line.find_first_of("\n\r") == std::string::npos);
    const auto read = Json::parse(line);
    BOOST_REQUIRE(read);
    BOOST_TEST(*read->find("te\nxt")->string() == text);
}

BOOST_AUTO_TEST_CASE(hiddenCharactersAreEscaped) {
    BOOST_TEST(textOf(jsonObject({{"a\u202E", "\u009B \u2028 \u00E4"}})) == R"({"a\u202e":"\u009b \u2028 )"
                                                                            "\u00E4\"}");
}

BOOST_AUTO_TEST_CASE(bytesThatAreNotUtf8AreReplaced) {
    BOOST_TEST(textOf(jsonObject({{"a", std::string("x\xff\xc3(\xed\xa0\x80y")}})) ==
               "{\"a\":\"x\uFFFD\uFFFD(\uFFFD\uFFFD\uFFFDy\"}");
}

BOOST_AUTO_TEST_SUITE_END()
