#include "changebank/kickstart/web/FormData.h"

#include <boost/test/unit_test.hpp>

#include <string>

using changebank::kickstart::FormData;
using changebank::kickstart::withQuery;

BOOST_AUTO_TEST_SUITE(FormDataTest)

BOOST_AUTO_TEST_CASE(NamesAndValuesAreDecoded) {
    const auto data = FormData::parse("a=1&b%5B=x+y%2B%26&&c=%C3%A9");
    BOOST_REQUIRE(data);
    BOOST_TEST(data->text("a") == "1");
    BOOST_TEST(data->text("b[") == "x y+&");
    BOOST_TEST(data->text("c") == "\xC3\xA9");
    BOOST_TEST(!data->find("A"));
}

BOOST_AUTO_TEST_CASE(AParameterWithoutValueCountsAsLeftOut) {
    const auto data = FormData::parse("a=&b&=c");
    BOOST_TEST(!data->find("a"));
    BOOST_TEST(!data->find("b"));
    BOOST_TEST(data->text("a").empty());
}

BOOST_AUTO_TEST_CASE(InvalidTextIsRejected) {
    for (const char* text : {"a=%", "a=%4", "a=%zz", "%=a", "a=%FF", "a=%C3", "a=%ED%A0%80"}) {
        BOOST_TEST(!FormData::parse(text), text);
    }
}

BOOST_AUTO_TEST_CASE(AHundredFieldsAreEnough) {
    std::string text = "a=1";
    for (std::size_t i = 1; i < FormData::maxFields; ++i) {
        text += "&a=1";
    }
    BOOST_TEST(FormData::parse(text).has_value());
    BOOST_TEST(!FormData::parse(text + "&a=1"));
}

BOOST_AUTO_TEST_CASE(RepeatedNamesAreFoundButResourceMayRepeat) {
    BOOST_TEST(!FormData::parse("a=1&b=1&resource=x&resource=y")->repeated());
    BOOST_TEST(*FormData::parse("a=1&b=1&a=")->repeated() == "a");
    BOOST_TEST(*FormData::parse("state=1&%73tate=2")->repeated() == "state");
}

BOOST_AUTO_TEST_CASE(AllValuesOfANameAreFoundOnceInOrder) {
    const auto data = *FormData::parse("resource=b&a=1&resource=&resource=a&resource=b&Resource=c");
    BOOST_TEST(data.all("resource") == (std::vector<std::string>{"b", "a"}),
               boost::test_tools::per_element());
    BOOST_TEST(data.all("x").empty());
}

BOOST_AUTO_TEST_CASE(ToTextIsTheInverseOfParse) {
    FormData data;
    data.add("na me", "v&=#?+%\r\n\"<>\xC3\xA9");
    data.add("empty", "");
    data.add("b", "2");
    BOOST_TEST(data.toText() == "na%20me=v%26%3D%23%3F%2B%25%0D%0A%22%3C%3E%C3%A9&b=2");
    BOOST_TEST(FormData::parse(data.toText())->text("na me") == "v&=#?+%\r\n\"<>\xC3\xA9");
}

BOOST_AUTO_TEST_CASE(ParametersGoBehindTheQueryAndBeforeTheFragment) {
    FormData data;
    BOOST_TEST(withQuery("http://a/b?c=d#e", data) == "http://a/b?c=d#e");
    data.add("x", "1");
    BOOST_TEST(withQuery("http://a", data) == "http://a?x=1");
    BOOST_TEST(withQuery("http://a/b?c=d", data) == "http://a/b?c=d&x=1");
    BOOST_TEST(withQuery("http://a/b?", data) == "http://a/b?x=1");
    BOOST_TEST(withQuery("http://a/b?c&", data) == "http://a/b?c&x=1");
    BOOST_TEST(withQuery("http://a/b#e?f", data) == "http://a/b?x=1#e?f");
    BOOST_TEST(withQuery("http://a/b?c#e", data) == "http://a/b?c&x=1#e");
}

BOOST_AUTO_TEST_SUITE_END()
