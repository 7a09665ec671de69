#include "changebank/security/guard/AllowedOrigins.h"

#include <Poco/Net/MessageHeader.h>

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <string>
#include <vector>

using changebank::security::AllowedOrigins;

namespace {

const AllowedOrigins two({"https://app.example.com", "http://localhost:5173"});

const std::string* originOf(const AllowedOrigins& allowed, std::initializer_list<const char*> origins) {
    Poco::Net::MessageHeader header;
    for (const auto* origin : origins)
        header.add("origin", origin);
    return allowed.originOf(header);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(AllowedOriginsTest)

BOOST_AUTO_TEST_CASE(aListedOriginIsFoundExactly) {
    BOOST_REQUIRE(originOf(two, {"https://app.example.com"}));
    BOOST_TEST(*originOf(two, {"https://app.example.com"}) == "https://app.example.com");
    BOOST_TEST(originOf(two, {"http://localhost:5173"}) != nullptr);
    for (const char* other :
         {"http://app.example.com", "https://APP.example.com", "https://app.example.com:443",
          "https://app.example.com/", "https://app.example.com.evil.example", "https://evil.example",
          "https://example.com", "http://localhost", "null", "*", "", "https://app.example.com "}) {
        BOOST_TEST(originOf(two, {other}) == nullptr, other);
    }
}

BOOST_AUTO_TEST_CASE(absentAndRepeatedOriginsMatchNothing) {
    BOOST_TEST(originOf(two, {}) == nullptr);
    BOOST_TEST(originOf(two, {"https://app.example.com", "https://app.example.com"}) == nullptr);
    BOOST_TEST(originOf(AllowedOrigins(), {"https://app.example.com"}) == nullptr);
    BOOST_TEST(AllowedOrigins().empty());
}

BOOST_AUTO_TEST_CASE(aMalformedOriginAllowsNobody) {
    const AllowedOrigins none({"*", "null", "https://app.example.com/"});
    BOOST_TEST(none.empty());
    for (const char* text : {"*", "null", "https://app.example.com/", "https://app.example.com"})
        BOOST_TEST(originOf(none, {text}) == nullptr, text);
}

BOOST_AUTO_TEST_CASE(everyOneOfAHundredIsFound) {
    std::vector<std::string> names;
    for (int i = 0; i < 100; ++i)
        names.push_back("https://app" + std::to_string(i) + ".example.com");
    const AllowedOrigins hundred(names);
    for (const auto& name : names)
        BOOST_TEST(originOf(hundred, {name.c_str()}) != nullptr, name);
    BOOST_TEST(originOf(hundred, {"https://app100.example.com"}) == nullptr);
}

BOOST_AUTO_TEST_CASE(originsAreSpeltAsBrowsersSpellThem) {
    for (const char* good :
         {"https://app.example.com", "http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:3000",
          "https://[2001:db8::1]", "https://xn--bcher-kva.example", "http://example.com:443"}) {
        BOOST_TEST(!AllowedOrigins::faultOf(good), good);
    }
    for (const char* bad : {"*",
                            "null",
                            "",
                            "app.example.com",
                            "ftp://example.com",
                            "file://",
                            "https://",
                            "https://App.example",
                            "https://example.com/",
                            "https://example.com/app",
                            "https://example.com?x",
                            "https://*.example.com",
                            "https://user@example.com",
                            "https://example.com:",
                            "https://example.com:0",
                            "https://example.com:443",
                            "http://example.com:80",
                            "https://example.com:65536",
                            "https://example.com:08443",
                            "https://example.com:x",
                            "https://[::1",
                            "https://[]",
                            "https://[2001:0db8::1]",
                            "https://[2001:db8:0:0::1]",
                            "https://[2001:db8::1::2]",
                            "https://a b",
                            "https://b\xc3\xbc"
                            "cher.example"}) {
        BOOST_TEST(AllowedOrigins::faultOf(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_SUITE_END()
