#include "changebank/security/guard/CrossSiteCheck.h"

#include <Poco/Net/HTTPRequest.h>

#include <boost/test/unit_test.hpp>
#include <initializer_list>

#include "changebank/security/guard/AllowedOrigins.h"

using namespace changebank;
using namespace changebank::security;

namespace {

bool isCrossSite(const std::string& method,
                 std::initializer_list<std::pair<const char*, const char*>> headers,
                 const AllowedOrigins& allowed = {}) {
    Poco::Net::HTTPRequest request(method, "/panic", Poco::Net::HTTPMessage::HTTP_1_1);
    request.set("Host", "api.example.com:3000");
    for (const auto& [name, value] : headers)
        request.add(name, value);
    return isCrossSiteWrite(request, allowed);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(CrossSiteCheckTest)

BOOST_AUTO_TEST_CASE(fetchMetadataDecidesWhereItIsThere) {
    BOOST_TEST(!isCrossSite("POST", {{"Sec-Fetch-Site", "same-origin"}}));
    BOOST_TEST(!isCrossSite("POST", {{"Sec-Fetch-Site", "none"}}));
    for (const char* site : {"cross-site", "same-site", "", "Same-Origin", "x"})
        BOOST_TEST(isCrossSite("POST", {{"Sec-Fetch-Site", site}}), site);
    BOOST_TEST(!isCrossSite("POST", {{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://evil.example"}}));
    BOOST_TEST(
        isCrossSite("POST", {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://api.example.com:3000"}}));
    BOOST_TEST(isCrossSite("POST", {{"Sec-Fetch-Site", "same-origin"}, {"sec-fetch-site", "same-origin"}}));
}

BOOST_AUTO_TEST_CASE(elseTheOriginMustBeOurs) {
    BOOST_TEST(!isCrossSite("POST", {{"Origin", "http://api.example.com:3000"}}));
    BOOST_TEST(!isCrossSite("POST", {{"Origin", "https://API.example.com:3000"}}));
    for (const char* origin :
         {"null", "", "https://evil.example", "http://api.example.com",
          "http://api.example.com:3000.evil.example", "api.example.com:3000", "http://example.com:3000"}) {
        BOOST_TEST(isCrossSite("POST", {{"Origin", origin}}), origin);
    }
    BOOST_TEST(isCrossSite(
        "POST", {{"Origin", "http://api.example.com:3000"}, {"Origin", "http://api.example.com:3000"}}));
}

BOOST_AUTO_TEST_CASE(theDefaultPortMayBeWrittenOrLeftOut) {
    const auto passes = [](const char* host, const char* origin) {
        Poco::Net::HTTPRequest request("POST", "/panic", Poco::Net::HTTPMessage::HTTP_1_1);
        request.set("Host", host);
        request.set("Origin", origin);
        return !isCrossSiteWrite(request, {});
    };
    BOOST_TEST(passes("bank.example.com:443", "https://bank.example.com"));
    BOOST_TEST(passes("bank.example.com:80", "http://bank.example.com"));
    BOOST_TEST(passes("bank.example.com", "https://bank.example.com"));
    BOOST_TEST(passes("[2001:DB8::1]:443", "https://[2001:db8::1]"));
    BOOST_TEST(!passes("bank.example.com:443", "http://bank.example.com"));
    BOOST_TEST(!passes("bank.example.com:80", "https://bank.example.com"));
    BOOST_TEST(!passes("bank.example.com:8443", "https://bank.example.com"));
}

BOOST_AUTO_TEST_CASE(withoutAHostNoOriginIsOurs) {
    for (const char* origin : {"null", "", "http://", "http://api.example.com:3000"}) {
        Poco::Net::HTTPRequest request("POST", "/panic", Poco::Net::HTTPMessage::HTTP_1_1);
        request.set("Origin", origin);
        BOOST_TEST(isCrossSiteWrite(request, {}), origin);
        request.set("Host", "");
        BOOST_TEST(isCrossSiteWrite(request, {}), origin);
    }
}

BOOST_AUTO_TEST_CASE(requestsOfNoPageAndSafeMethodsPass) {
    BOOST_TEST(!isCrossSite("POST", {}));
    for (const char* method : {"GET", "HEAD", "OPTIONS", "TRACE"})
        BOOST_TEST(!isCrossSite(method, {{"Sec-Fetch-Site", "cross-site"}}));
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "get", "X"})
        BOOST_TEST(isCrossSite(method, {{"Sec-Fetch-Site", "cross-site"}}));
}

BOOST_AUTO_TEST_CASE(aRequestForAnUpgradeIsNotSafe) {
    for (const char* protocol : {"websocket", "WebSocket", "h2c", ""}) {
        const std::pair<const char*, const char*> upgrade{"Upgrade", protocol};
        for (const char* method : {"GET", "HEAD", "OPTIONS"}) {
            for (const char* site : {"cross-site", "same-site", ""})
                BOOST_TEST(isCrossSite(method, {upgrade, {"Sec-Fetch-Site", site}}), site);
            for (const char* origin : {"https://evil.example", "null", ""})
                BOOST_TEST(isCrossSite(method, {upgrade, {"Origin", origin}}), origin);
            BOOST_TEST(!isCrossSite(method, {upgrade, {"Sec-Fetch-Site", "same-origin"}}));
            BOOST_TEST(!isCrossSite(method, {upgrade, {"Origin", "http://api.example.com:3000"}}));
            BOOST_TEST(!isCrossSite(method, {upgrade}), "of no page");
        }
    }
    BOOST_TEST(isCrossSite("GET", {{"upgrade", "websocket"}, {"Origin", "https://evil.example"}}));
    const AllowedOrigins allowed({"https://app.example.com"});
    BOOST_TEST(
        !isCrossSite("GET", {{"Upgrade", "websocket"}, {"Origin", "https://app.example.com"}}, allowed));
}

BOOST_AUTO_TEST_CASE(pagesOfAllowedOriginsPass) {
    const AllowedOrigins allowed({"https://app.example.com"});
    BOOST_TEST(!isCrossSite("POST", {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://app.example.com"}},
                            allowed));
    BOOST_TEST(!isCrossSite("POST", {{"Origin", "https://app.example.com"}}, allowed));
    for (const char* origin : {"https://evil.example", "http://app.example.com", "null", ""}) {
        BOOST_TEST(isCrossSite("POST", {{"Sec-Fetch-Site", "cross-site"}, {"Origin", origin}}, allowed),
                   origin);
        BOOST_TEST(isCrossSite("POST", {{"Origin", origin}}, allowed), origin);
    }
    BOOST_TEST(isCrossSite("POST", {{"Sec-Fetch-Site", "cross-site"}}, allowed));
    BOOST_TEST(isCrossSite(
        "POST", {{"Origin", "https://app.example.com"}, {"Origin", "https://app.example.com"}}, allowed));
}

BOOST_AUTO_TEST_SUITE_END()
