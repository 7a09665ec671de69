#include "changebank/handlers/bank/MeHandler.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::handlers;

BOOST_AUTO_TEST_SUITE(MeHandlerTest)

BOOST_AUTO_TEST_CASE(theCallersClaimsAreSentAsTheyAre) {
    changebank::security::Principal principal;
    principal.claims = R"({"sub":"somebody","exp":1.5e9,"roles":["teller"]})";
    FakeRequest request("GET", "/me");
    const auto& response =
        request.handledBy(new MeHandler(std::make_shared<const changebank::security::Principal>(principal)));
    BOOST_TEST(response.getStatus() == 200);
    BOOST_TEST(response.getContentType() == "application/json; charset=utf-8");
    BOOST_TEST(response.get("X-Content-Type-Options") == "nosniff");
    BOOST_TEST(response.body() == principal.claims);
}

BOOST_AUTO_TEST_SUITE_END()
