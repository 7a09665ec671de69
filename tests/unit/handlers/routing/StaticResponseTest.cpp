#include "changebank/handlers/routing/StaticResponse.h"

#include <boost/test/unit_test.hpp>
#include <tuple>

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

BOOST_AUTO_TEST_CASE(eachCodingHasItsContentAndItsTag) {
    const auto coded = std::make_shared<const StaticResponse>(
        "text/plain", "hello, hello", std::vector<Response::Header>{}, "no-cache",
        std::vector<StaticResponse::Coded>{{"br", "BROTLI"}, {"gzip", "GZIP"}});
    for (const auto& [accepted, coding, content] :
         {std::tuple{"br, gzip", "br", "BROTLI"}, std::tuple{"gzip", "gzip", "GZIP"},
          std::tuple{"deflate", "-", "hello, hello"}}) {
        FakeRequest request("GET", "/");
        request.set("Accept-Encoding", accepted);
        const auto& response = request.handledBy(new StaticHandler(coded));
        BOOST_TEST(response.body() == content);
        BOOST_TEST(response.get("Content-Encoding", "-") == coding);
        BOOST_TEST(response.get("ETag") == entityTagOf(content));
        BOOST_TEST(response.get("Vary") == "Accept-Encoding");
        BOOST_TEST(response.getContentType() == "text/plain");
        for (const std::string held : {"BROTLI", "GZIP", "hello, hello"}) {
            FakeRequest again("GET", "/");
            again.set("Accept-Encoding", accepted);
            again.set("If-None-Match", entityTagOf(held));
            const auto& repeated = again.handledBy(new StaticHandler(coded));
            BOOST_TEST(repeated.getStatus() == (held == content ? 304 : 200), accepted << held);
            BOOST_TEST(repeated.get("ETag") == entityTagOf(content));
            BOOST_TEST(repeated.get("Vary") == "Accept-Encoding");
            BOOST_TEST(repeated.has("Content-Encoding") == (held != content && coding != std::string("-")));
        }
    }
}

BOOST_AUTO_TEST_CASE(aCodingThatDoesNotShortenIsLeftOut) {
    const auto response = std::make_shared<const StaticResponse>(
        "text/plain", "hello", std::vector<Response::Header>{}, "no-cache",
        std::vector<StaticResponse::Coded>{{"gzip", "longer than that"}, {"br", "olleh"}});
    FakeRequest request("GET", "/");
    request.set("Accept-Encoding", "br, gzip");
    const auto& sent = request.handledBy(new StaticHandler(response));
    BOOST_TEST(sent.body() == "hello");
    BOOST_TEST(!sent.has("Content-Encoding"));
    BOOST_TEST(!sent.has("Vary"));
}

BOOST_AUTO_TEST_SUITE_END()
