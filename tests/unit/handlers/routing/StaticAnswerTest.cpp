#include "changebank/handlers/routing/StaticAnswer.h"

#include <boost/test/unit_test.hpp>

#include "changebank/handlers/routing/EntityTag.h"
#include "changebank/handlers/routing/StaticHandler.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::handlers;

namespace {

const auto greeting = std::make_shared<const StaticAnswer>(
    "text/plain", "hello", std::vector<Answer::Header>{{"Content-Security-Policy", "default-src 'none'"}});

const FakeResponse& answerTo(FakeRequest& request) {
    return request.handledBy(new StaticHandler(greeting));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StaticAnswerTest)

BOOST_AUTO_TEST_CASE(theFirstAnswerIsWhole) {
    FakeRequest request("GET", "/");
    const auto& answer = answerTo(request);
    BOOST_TEST(answer.getStatus() == 200);
    BOOST_TEST(answer.body() == "hello");
    BOOST_TEST(answer.getContentType() == "text/plain");
    BOOST_TEST(answer.get("ETag") == entityTagOf("hello"));
    BOOST_TEST(answer.get("Cache-Control") == "no-cache");
    BOOST_TEST(answer.get("X-Content-Type-Options") == "nosniff");
    BOOST_TEST(answer.get("Content-Security-Policy") == "default-src 'none'");
}

BOOST_AUTO_TEST_CASE(whoHasItAlreadyIsToldSo) {
    FakeRequest request("GET", "/");
    request.set("If-None-Match", entityTagOf("hello"));
    const auto& answer = answerTo(request);
    BOOST_TEST(answer.getStatus() == 304);
    BOOST_TEST(answer.body().empty());
    BOOST_TEST(answer.get("ETag") == entityTagOf("hello"));
    BOOST_TEST(answer.get("Cache-Control") == "no-cache");
    BOOST_TEST(!answer.has("Content-Type"));
}

BOOST_AUTO_TEST_CASE(whoHasAnotherOneGetsIt) {
    FakeRequest request("GET", "/");
    request.set("If-None-Match", entityTagOf("hallo"));
    BOOST_TEST(answerTo(request).getStatus() == 200);
}

BOOST_AUTO_TEST_SUITE_END()
