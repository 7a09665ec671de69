#include "changebank/handlers/routing/CrossOrigin.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::handlers;

BOOST_AUTO_TEST_SUITE(CrossOriginTest)

BOOST_AUTO_TEST_CASE(onlyAListedOriginMayReadAResponse) {
    const security::AllowedOrigins origins({"https://app.example.com"});
    for (const auto& [origin, isAllowed] :
         {std::pair("https://app.example.com", true), std::pair("https://evil.example", false),
          std::pair("null", false), std::pair("", false)}) {
        FakeRequest request("GET", "/");
        if (*origin != '\0') request.set("Origin", origin);
        BOOST_TEST(allowOrigin(origins, request, request.response()) == isAllowed, origin);
        const auto& response = request.sentResponse();
        BOOST_TEST(response.get("Vary") == "Origin");
        BOOST_TEST(response.get("Access-Control-Allow-Origin", "") == (isAllowed ? origin : ""));
        BOOST_TEST(response.get("Access-Control-Allow-Credentials", "") == (isAllowed ? "true" : ""));
    }
}

BOOST_AUTO_TEST_CASE(aPreflightNamesOneMethod) {
    const auto methodOf = [](const std::string& method, const std::vector<std::string>& asked) {
        FakeRequest request(method, "/");
        for (const auto& each : asked)
            request.add("Access-Control-Request-Method", each);
        return preflightedMethod(request);
    };
    BOOST_TEST(methodOf("OPTIONS", {"PUT"}) == "PUT");
    BOOST_TEST(methodOf("OPTIONS", {}).empty());
    BOOST_TEST(methodOf("OPTIONS", {"PUT", "GET"}).empty());
    BOOST_TEST(methodOf("GET", {"PUT"}).empty());
}

BOOST_AUTO_TEST_CASE(aPreflightBringsNothingAlong) {
    const auto isPreflight = [](const std::string& name, const std::string& value) {
        FakeRequest request("OPTIONS", "/");
        request.set("Access-Control-Request-Method", "PUT");
        request.set(name, value);
        return !preflightedMethod(request).empty();
    };
    BOOST_TEST(isPreflight("Content-Length", "0"));
    for (const char* length : {"1", "10", "01", "-1", "x", "0, 5", " 0"})
        BOOST_TEST(!isPreflight("Content-Length", length), length);
    for (const char* name : {"Transfer-Encoding", "transfer-encoding", "Upgrade", "upgrade"}) {
        for (const char* value : {"chunked", "websocket", "identity", ""})
            BOOST_TEST(!isPreflight(name, value), name);
    }
}

BOOST_AUTO_TEST_CASE(theFieldsOfOurResponsesAreExposed) {
    FakeRequest request("GET", "/");
    exposeFields(request.response());
    BOOST_TEST(
        request.sentResponse().get("Access-Control-Expose-Headers") ==
        "Allow, DPoP-Nonce, ETag, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id");
}

BOOST_AUTO_TEST_SUITE_END()
