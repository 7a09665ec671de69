#include "handlers/PanicHandler.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/handlers/FakeExchange.h"

using changebank::handlers::FakeRequest;
using changebank::handlers::PanicHandler;

BOOST_AUTO_TEST_SUITE(PanicHandlerTest)

BOOST_AUTO_TEST_CASE(thePoliceIsCalled) {
    FakeRequest request("POST", "/panic");
    const auto& answer = request.handledBy(new PanicHandler);
    BOOST_TEST(answer.getStatus() == 200);
    BOOST_TEST(answer.getContentType() == "application/json; charset=utf-8");
    BOOST_TEST(answer.body() == R"({"message":"We've called the police!"})");
}

BOOST_AUTO_TEST_SUITE_END()
