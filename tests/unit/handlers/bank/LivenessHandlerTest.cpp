#include "changebank/handlers/bank/LivenessHandler.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/handlers/FakeExchange.h"

using changebank::handlers::FakeRequest;
using changebank::handlers::LivenessHandler;

BOOST_AUTO_TEST_SUITE(LivenessHandlerTest)

BOOST_AUTO_TEST_CASE(saysThatItIsAliveAndThatNobodyMayStoreIt) {
    FakeRequest request("GET", "/livez");
    const auto& answer = request.handledBy(new LivenessHandler);
    BOOST_TEST(answer.getStatus() == 200);
    BOOST_TEST(answer.get("Cache-Control") == "no-store");
    BOOST_TEST(answer.body() == R"({"status":"alive"})");
}

BOOST_AUTO_TEST_SUITE_END()
