#include "changebank/handlers/bank/ResourceMetadataHandler.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank::handlers;

BOOST_AUTO_TEST_SUITE(ResourceMetadataHandlerTest)

BOOST_AUTO_TEST_CASE(theDocumentIsForEverybodyForAnHour) {
    const auto document = ResourceMetadataHandler::responseWith(R"({"resource":"https://bank.example"})");
    FakeRequest request("GET", "/.well-known/oauth-protected-resource");
    const auto& response = request.handledBy(new ResourceMetadataHandler(document));
    BOOST_TEST(response.getStatus() == 200);
    BOOST_TEST(response.getContentType() == "application/json");
    BOOST_TEST(response.get("Cache-Control") == "public, max-age=3600");
    BOOST_TEST(response.get("Access-Control-Allow-Origin") == "*");
    BOOST_TEST(response.get("X-Content-Type-Options") == "nosniff");
    BOOST_TEST(response.body() == R"({"resource":"https://bank.example"})");

    FakeRequest again("GET", "/.well-known/oauth-protected-resource");
    again.set("If-None-Match", response.get("ETag"));
    const auto& same = again.handledBy(new ResourceMetadataHandler(document));
    BOOST_TEST(same.getStatus() == 304);
    BOOST_TEST(same.get("Access-Control-Allow-Origin") == "*");
    BOOST_TEST(same.get("Cache-Control") == "public, max-age=3600");
}

BOOST_AUTO_TEST_CASE(anOriginThatIsNamedAlreadyStays) {
    FakeRequest request("GET", "/.well-known/oauth-protected-resource");
    request.response().set("Access-Control-Allow-Origin", "https://app.example");
    const auto& response =
        request.handledBy(new ResourceMetadataHandler(ResourceMetadataHandler::responseWith("{}")));
    BOOST_TEST(response.get("Access-Control-Allow-Origin") == "https://app.example");
}

BOOST_AUTO_TEST_CASE(pagesMayAskWithFieldsOfTheirOwn) {
    FakeRequest request("OPTIONS", "/.well-known/oauth-protected-resource");
    const auto& response =
        request.handledBy(new ResourceMetadataHandler(ResourceMetadataHandler::responseWith("{}")));
    BOOST_TEST(response.getStatus() == 204);
    BOOST_TEST(response.get("Allow") == "GET, HEAD, OPTIONS");
    BOOST_TEST(response.get("Access-Control-Allow-Origin") == "*");
    BOOST_TEST(response.get("Access-Control-Allow-Headers") == "*");
    BOOST_TEST(response.body().empty());
}

BOOST_AUTO_TEST_SUITE_END()
