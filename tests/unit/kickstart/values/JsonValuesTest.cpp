#include "changebank/kickstart/values/JsonValues.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;

BOOST_AUTO_TEST_SUITE(JsonValuesTest)

BOOST_AUTO_TEST_CASE(WhatWasReadIsWrittenTheSame) {
    const std::string text =
        R"({"t":"a\"b","f":[true,false,null,-7,9007199254740993,1.5,{}],"o":{"z":1,"a":[]}})";
    const auto read = Json::parse(R"({"x":)" + text + "}");
    BOOST_REQUIRE(read);
    const auto written = jsonObject({{"x", kickstart::jsonValue(*read->find("x"))}});
    BOOST_TEST(textOf(written) == R"({"x":)" + text + "}");
}

BOOST_AUTO_TEST_CASE(ANumberBeyondADoubleBecomesItsText) {
    const auto read = Json::parse("[1e400]");
    BOOST_REQUIRE(read);
    BOOST_TEST(textOf(jsonObject({{"x", kickstart::jsonValue(*read)}})) == R"({"x":["1e400"]})");
}

BOOST_AUTO_TEST_CASE(TextsBecomeAnArray) {
    const std::vector<std::string_view> texts{"a", "b"};
    BOOST_TEST(textOf(jsonObject({{"x", kickstart::jsonTexts(texts)}})) == R"({"x":["a","b"]})");
}

BOOST_AUTO_TEST_SUITE_END()
