#include "changebank/handlers/bank/MakeChangeHandler.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/handlers/FakeExchange.h"

using changebank::handlers::FakeRequest;
using changebank::handlers::MakeChangeHandler;

BOOST_AUTO_TEST_SUITE(MakeChangeHandlerTest)

BOOST_AUTO_TEST_CASE(anAmountIsConvertedToNickelsAndPennies) {
    FakeRequest request("GET", "/make-change?total=1.02");
    const auto& response = request.handledBy(new MakeChangeHandler);
    BOOST_TEST(response.getStatus() == 200);
    BOOST_TEST(response.getContentType() == "application/json; charset=utf-8");
    BOOST_TEST(response.body() == R"({"total":1.02,"nickels":20,"pennies":2})");
}

BOOST_AUTO_TEST_CASE(aBadTotalIsRefused) {
    for (const std::string query :
         {"", "?", "?total", "?total=", "?total=abc", "?total=-1", "?total=+1", "?total=%2B1", "?total=%201",
          "?total=1e3", "?total=1,02", "?total=0x10", "?total=1&total=1", "?total=1&total", "?total[]=1",
          "?Total=1", "?total=1000000000000000"}) {
        FakeRequest request("GET", "/make-change" + query);
        const auto& response = request.handledBy(new MakeChangeHandler);
        BOOST_TEST(response.getStatus() == 400, query << " was accepted");
        BOOST_TEST(response.body() == R"({"error":"Invalid or missing \"total\" parameter"})");
    }
}

BOOST_AUTO_TEST_SUITE_END()
