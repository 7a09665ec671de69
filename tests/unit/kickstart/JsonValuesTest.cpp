#include "kickstart/JsonValues.h"

#include <boost/test/unit_test.hpp>

using changebank::kickstart::mergedJson;
using changebank::security::Json;

BOOST_AUTO_TEST_SUITE(JsonValuesTest)

BOOST_AUTO_TEST_CASE(MergesAsTheStandardSays) {
    // RFC 7396 appendix A: original, patch, result.
    const std::vector<std::array<const char*, 3>> cases{{
        {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
        {R"({"a":"b"})", R"({"a":null})", "{}"},
        {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
        {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
        {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
        {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
        {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
        {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
        {R"({"a":"foo"})", "null", "null"},
        {R"({"a":"foo"})", R"("bar")", R"("bar")"},
        {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
        {"[1,2]", R"({"a":"b","c":null})", R"({"a":"b"})"},
        {"{}", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
    }};
    for (const auto& [original, patch, result] : cases) {
        BOOST_TEST(mergedJson(*Json::parse(original), *Json::parse(patch)).toText() == result, original);
    }
}

BOOST_AUTO_TEST_SUITE_END()
