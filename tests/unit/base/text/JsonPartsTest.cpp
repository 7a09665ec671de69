#include "changebank/base/text/JsonParts.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace changebank;

namespace {

using Texts = std::vector<std::string_view>;

void checkElements(std::string_view text, const Texts& expected) {
    const auto elements = elementsOf(text);
    BOOST_REQUIRE_MESSAGE(elements.has_value(), text);
    BOOST_TEST(*elements == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JsonPartsTest)

BOOST_AUTO_TEST_CASE(splitsAnArray) {
    checkElements("[]", {});
    checkElements(" [ ] \n", {});
    checkElements(R"([1, "a" ,{"b":[2,3]},[[]],null])", {"1", R"("a")", R"({"b":[2,3]})", "[[]]", "null"});
}

BOOST_AUTO_TEST_CASE(structureInsideAStringIsText) {
    checkElements(R"(["],[", "\"]", "\\", "{"])", {R"("],[")", R"("\"]")", R"("\\")", R"("{")"});
}

BOOST_AUTO_TEST_CASE(whatIsInsideAnElementIsNotChecked) {
    checkElements("[{\"a\":1,\"a\":1},\"M\xFCller\",nonsense]",
                  {"{\"a\":1,\"a\":1}", "\"M\xFCller\"", "nonsense"});
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    checkElements("[" + deep + ",1]", {deep, "1"});
}

BOOST_AUTO_TEST_CASE(splitsAnObject) {
    const auto members = membersOf(R"( { "keys" : [1,2] , "a:b":{"c":"}"} } )");
    BOOST_REQUIRE(members.has_value());
    BOOST_REQUIRE(members->size() == 2U);
    BOOST_TEST(members->at(0).first == "\"keys\"");
    BOOST_TEST(members->at(0).second == "[1,2]");
    BOOST_TEST(members->at(1).first == "\"a:b\"");
    BOOST_TEST(members->at(1).second == R"({"c":"}"})");
    BOOST_TEST(membersOf("{}")->empty());
}

BOOST_AUTO_TEST_CASE(refusesABrokenStructure) {
    for (const std::string_view text :
         {"", "1", "{}", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2:3]", "[}", "[[}]", "[{]}", "[\"]", "[\"\\",
          "[\"\\\"]", "[1]]", "[1] 2", "[1}", "]"})
        BOOST_TEST(!elementsOf(text).has_value(), text);
    for (const std::string_view text :
         {"", "[]", "{", "{\"a\"", "{\"a\"}", "{\"a\":", "{\"a\":}", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}",
          "{:1}", "{\"a\":[}", "{\"a\":1}}", "{\"a\":1}x", "{\"a\":1:2}"})
        BOOST_TEST(!membersOf(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
