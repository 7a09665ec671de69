#include "changebank/handlers/routing/Response.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/handlers/FakeExchange.h"

using changebank::handlers::FakeResponse;
using changebank::handlers::Response;
using Poco::Net::HTTPResponse;

BOOST_AUTO_TEST_SUITE(ResponseTest)

BOOST_AUTO_TEST_CASE(jsonIsSentWithItsTypeAndLength) {
    FakeResponse response;
    Response::json(HTTPResponse::HTTP_OK, "{}").with("X-One", "1").send(response);
    BOOST_TEST(response.getStatus() == 200);
    BOOST_TEST(response.getReason() == "OK");
    BOOST_TEST(response.getContentType() == "application/json; charset=utf-8");
    BOOST_TEST(response.getContentLength() == 2);
    BOOST_TEST(response.get("X-One") == "1");
    BOOST_TEST(response.body() == "{}");
}

BOOST_AUTO_TEST_CASE(anErrorIsAJsonObjectThatCannotBeBrokenOutOf) {
    FakeResponse response;
    Response::error(HTTPResponse::HTTP_BAD_REQUEST, "no \"total\"\n").send(response);
    BOOST_TEST(response.getStatus() == 400);
    BOOST_TEST(response.body() == R"({"error":"no \"total\"\u000a"})");
}

BOOST_AUTO_TEST_CASE(aResponseWithoutContentHasNoType) {
    FakeResponse response;
    Response{HTTPResponse::HTTP_NO_CONTENT}.send(response);
    BOOST_TEST(response.getStatus() == 204);
    BOOST_TEST(!response.has("Content-Type"));
    BOOST_TEST(response.sent());
}

BOOST_AUTO_TEST_CASE(whatAResponseDependsOnAddsUp) {
    FakeResponse response;
    response.set("Vary", "Origin");
    Response{HTTPResponse::HTTP_OK}.with("Vary", "Cookie").send(response);
    BOOST_TEST(response.get("Vary") == "Origin, Cookie");
}

BOOST_AUTO_TEST_SUITE_END()
