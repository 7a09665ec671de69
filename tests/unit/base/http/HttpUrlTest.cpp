#include "changebank/base/http/HttpUrl.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;

BOOST_AUTO_TEST_SUITE(HttpUrlTest)

BOOST_AUTO_TEST_CASE(onlyHttpAndHttpsWithAHostCount) {
    BOOST_TEST(httpUrl("https://id.example.com/keys?x#y")->getHost() == "id.example.com");
    BOOST_TEST(httpUrl("HTTP://localhost:9011")->getPort() == 9011);
    for (const char* text : {"", "acme.com", "/keys", "ftp://x", "http://", "https:///x", "urn:x",
                             "http://[::1", "http://a *.b/x", "http://a;b/", "http://a'b/", "http://a\tb/"})
        BOOST_TEST(!httpUrl(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(plainHttpStaysOnThisMachine) {
    BOOST_TEST(isPlainHttpToOthers(*httpUrl("http://id.example.com")));
    for (const char* text :
         {"https://id.example.com", "http://localhost:9011", "http://127.0.0.1", "http://[::1]/"})
        BOOST_TEST(!isPlainHttpToOthers(*httpUrl(text)), text);
}

BOOST_AUTO_TEST_SUITE_END()
