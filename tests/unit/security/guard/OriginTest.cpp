#include "changebank/security/guard/Origin.h"

#include <boost/test/unit_test.hpp>

using changebank::security::isAuthority;
using changebank::security::Origin;
using changebank::security::shortestIpv6;

BOOST_AUTO_TEST_SUITE(OriginTest)

BOOST_AUTO_TEST_CASE(spellingsOfOneOriginAreEqual) {
    const Origin expected{true, "app.example.com", 443};
    for (const char* text : {"https://app.example.com", "https://app.example.com:443",
                             "https://APP.Example.com", "HTTPS://app.example.com", "https://app.example.com.",
                             "https://app.example.com.:443", "https://app.example.com:"})
        BOOST_TEST((Origin::parse(text) == expected), text);
    BOOST_TEST((Origin::parse("http://localhost") == Origin{false, "localhost", 80}));
    BOOST_TEST((Origin::parse("http://localhost:5173") == Origin{false, "localhost", 5173}));
    BOOST_TEST((Origin::parse("https://[2001:DB8:0:0::1]") == Origin::parse("https://[2001:db8::1]:443")));
}

BOOST_AUTO_TEST_CASE(otherTextsAreNone) {
    for (const char* text : {"",
                             "null",
                             "app.example.com",
                             "https:",
                             "https://",
                             "https:///",
                             "https://.",
                             "ftp://example.com",
                             "https://example.com/",
                             "https://user@example.com",
                             "https://a b",
                             "https://example.com:x",
                             "https://example.com:65536",
                             "https://example.com:1:2",
                             "https://[::1",
                             "https://::1",
                             "https://[]",
                             "https://[::g]",
                             "https://[::1]x",
                             "https://a https://b",
                             "https://example.com#",
                             "file://x"})
        BOOST_TEST(!Origin::parse(text), text);
}

BOOST_AUTO_TEST_CASE(aHostFieldWithoutAPortHasThatOfTheScheme) {
    const auto isAt = [](const char* origin, const char* host) { return Origin::parse(origin)->isAt(host); };
    BOOST_TEST(isAt("https://bank.example.com", "bank.example.com"));
    BOOST_TEST(isAt("http://bank.example.com", "bank.example.com"));
    BOOST_TEST(isAt("https://bank.example.com", "bank.example.com:443"));
    BOOST_TEST(isAt("http://bank.example.com", "BANK.example.com.:80"));
    BOOST_TEST(isAt("https://bank.example.com:8443", "bank.example.com:8443"));
    BOOST_TEST(isAt("http://[::1]:3000", "[0:0::1]:3000"));
    BOOST_TEST(!isAt("https://bank.example.com", "bank.example.com:80"));
    BOOST_TEST(!isAt("http://bank.example.com", "bank.example.com:443"));
    BOOST_TEST(!isAt("https://bank.example.com:8443", "bank.example.com"));
    BOOST_TEST(!isAt("https://bank.example.com", "bank.example.com:8443"));
    BOOST_TEST(!isAt("https://bank.example.com", "evil.example.com"));
    BOOST_TEST(!isAt("https://bank.example.com", "bank.example.com.."));
    BOOST_TEST(!isAt("https://bank.example.com", ""));
    BOOST_TEST(!isAt("https://bank.example.com", ":443"));
}

BOOST_AUTO_TEST_CASE(anAuthorityIsAHostAndAPortAndNothingElse) {
    for (const char* text : {"a", "bank.example.com", "Bank.example.com.", "bank.example.com:443",
                             "a_b-c~d:", "127.0.0.1:3000", "[::1]", "[2001:db8::1]:8443"})
        BOOST_TEST(isAuthority(text), text);
    for (const char* text : {"",      ":",    ":443",  ".",      "a b", " a",      "a ",   "a,b",
                             "a, b",  "a/",   "a?",    "a#",     "a@b", "a\\b",    "a:b",  "a:65536",
                             "a:1:2", "::1",  "[::1",  "[::1]x", "[]",  "[::g]",   "a%41", "\xC3\xB6.example",
                             "a\tb",  "a\rb", "\"a\"", "a;b",    "a=b", "http://a"})
        BOOST_TEST(!isAuthority(text), text);
}

BOOST_AUTO_TEST_CASE(anIpv6AddressHasOneShortestForm) {
    BOOST_TEST(shortestIpv6("2001:0DB8:0:0:0:0:0:1").value_or("") == "2001:db8::1");
    BOOST_TEST(shortestIpv6("::1").value_or("") == "::1");
    for (const char* text : {"", "1", "127.0.0.1", "::g", "[::1]"})
        BOOST_TEST(!shortestIpv6(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
