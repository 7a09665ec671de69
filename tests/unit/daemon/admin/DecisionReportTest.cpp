#include "changebank/daemon/admin/DecisionReport.h"

#include <boost/test/unit_test.hpp>

using namespace changebank::daemon;
using changebank::handlers::DecisionRule;

BOOST_AUTO_TEST_SUITE(DecisionReportTest)

BOOST_AUTO_TEST_CASE(anAllowedRequestHasItsRuleAndTheFieldsOfTheApi) {
    const DecisionTrials::Outcome outcome{
        {.status = 200,
         .rule = 3,
         .route = "/orders/**",
         .subject = "eve",
         .fields = {{"X-Auth-Subject", "eve"}}},
        std::get<DecisionRule>(DecisionRule::parse(3, "GET,POST /orders/** roles=clerk scopes=a"))};
    BOOST_TEST(decisionReport(outcome) ==
               R"({"allowed":true,"status":200,"rule":3,"methods":"GET,POST","pattern":"/orders/**",)"
               R"("who":"roles=clerk scopes=a","cause":null,"subject":"eve","error":null,)"
               R"("fields":{"X-Auth-Subject":"eve"}})");
}

BOOST_AUTO_TEST_CASE(aRefusalHasItsCauseAndItsMessage) {
    const DecisionTrials::Outcome outcome{{.status = 403,
                                           .cause = "rule_missing",
                                           .subject = "eve",
                                           .fields = {{"WWW-Authenticate", "a"}, {"WWW-Authenticate", "b"}},
                                           .body = R"({"error":"No.","code":"ERR_NO_RULE"})"},
                                          std::nullopt};
    BOOST_TEST(decisionReport(outcome) ==
               R"({"allowed":false,"status":403,"rule":null,"methods":null,"pattern":null,"who":null,)"
               R"("cause":"rule_missing","subject":"eve","error":"No.",)"
               R"("fields":{"WWW-Authenticate":"a, b"}})");
}

BOOST_AUTO_TEST_CASE(anIdentityTokenIsMasked) {
    const DecisionTrials::Outcome outcome{
        {.status = 200, .fields = {{"X-Auth-Subject", ""}, {"X-Auth-Token", "eyJsecret"}}}, std::nullopt};
    const auto report = decisionReport(outcome);
    BOOST_TEST(report.find("secret") == std::string::npos);
    BOOST_TEST(report.find(R"-("X-Auth-Token":"(a token)")-") != std::string::npos, report);
}

BOOST_AUTO_TEST_SUITE_END()
