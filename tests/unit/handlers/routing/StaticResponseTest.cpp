#include "changebank/handlers/routing/StaticResponse.h"

#include <boost/test/unit_test.hpp>

#include "changebank/handlers/routing/EntityTag.h"
#include "changebank/handlers/routing/StaticHandler.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::handlers;

namespace {

const auto greeting = std::make_shared<const StaticResponse>(
    "text/plain", "hello", std::vector<Response::Header>{{"Content-Security-Policy", "default-src 'none'"}});

const FakeResponse& responseTo(FakeRequest& request) {
    return request.handledBy(new StaticHandler(greeting));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StaticResponseTest)

BOOST_AUTO_TEST_CASE(aFirstRequestGetsTheWholeContent) {
    FakeRequest request("GET", "/");
    const auto& response = responseTo(request);
    BOOST_TEST(response.getStatus() == 200);
    BOOST_TEST(response.body() == "hello");
    BOOST_TEST(response.getContentType() == "text/plain");
    BOOST_TEST(response.get("ETag") == entityTagOf("hello"));
    BOOST_TEST(response.get("Cache-Control") == "no-cache");
    BOOST_TEST(response.get("X-Content-Type-Options") == "nosniff");
    BOOST_TEST(response.get("Content-Security-Policy") == "default-src 'none'");
}

BOOST_AUTO_TEST_CASE(aMatchingEntityTagGets304) {
    FakeRequest request("GET", "/");
    request.set("If-None-Match", entityTagOf("hello"));
    const auto& response = responseTo(request);
    BOOST_TEST(response.getStatus() == 304);
    BOOST_TEST(response.body().empty());
    BOOST_TEST(response.get("ETag") == entityTagOf("hello"));
    BOOST_TEST(response.get("Cache-Control") == "no-cache");
    BOOST_TEST(!response.has("Content-Type"));
}

BOOST_AUTO_TEST_CASE(anotherEntityTagGetsTheWholeContent) {
    FakeRequest request("GET", "/");
    request.set("If-None-Match", entityTagOf("hallo"));
    BOOST_TEST(responseTo(request).getStatus() == 200);
}

BOOST_AUTO_TEST_SUITE_END()
