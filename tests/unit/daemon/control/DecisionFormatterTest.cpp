#include "changebank/daemon/control/DecisionFormatter.h"

#include <boost/test/unit_test.hpp>

using namespace changebank::daemon;
using changebank::Json;

namespace {

constexpr auto rule = R"("rule":3,"methods":"GET","pattern":"/orders/**","who":"roles=clerk")";
constexpr auto noRule = R"("rule":null,"methods":null,"pattern":null,"who":null)";

std::string shown(const std::string& ruleMembers, const std::string& others) {
    const auto decision = Json::parse("{" + ruleMembers + "," + others + "}");
    BOOST_REQUIRE(decision);
    return formatDecision(*decision, "GET", "/x\n");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DecisionFormatterTest)

BOOST_AUTO_TEST_CASE(anAllowedRequestHasItsRuleAndItsCaller) {
    BOOST_TEST(shown(rule, R"("allowed":true,"status":200,"subject":"eve")") ==
               "allowed by rule 3: GET /orders/** roles=clerk, subject eve\n");
    BOOST_TEST(shown(rule, R"("allowed":true,"status":200,"subject":null)") ==
               "allowed by rule 3: GET /orders/** roles=clerk\n");
    BOOST_TEST(shown(noRule, R"("allowed":true,"status":200,"subject":null)") == "allowed\n");
}

BOOST_AUTO_TEST_CASE(aRefusalHasItsRuleAndItsCause) {
    BOOST_TEST(shown(rule, R"("allowed":false,"status":403,"cause":"role_missing","error":"You may not.")") ==
               "refused by rule 3: GET /orders/** roles=clerk: role_missing (403): You may not.\n");
}

BOOST_AUTO_TEST_CASE(aRefusalWithoutRuleSaysThatThereIsNone) {
    BOOST_TEST(shown(noRule, R"("allowed":false,"status":403,"cause":"rule_missing","error":"No.")") ==
               "refused: no rule matches GET /x\\u000a (403)\n");
    BOOST_TEST(shown(noRule, R"("allowed":false,"status":401,"cause":"missing_token","error":"No token")") ==
               "refused: missing_token (401): No token; no rule matches GET /x\\u000a\n");
    BOOST_TEST(shown(noRule, R"("allowed":false,"status":403,"cause":"path_ambiguous","error":"No.")") ==
               "refused: path_ambiguous (403): No.\n");
}

BOOST_AUTO_TEST_CASE(whatTheDaemonSendsIsEscaped) {
    BOOST_TEST(shown(rule, R"("allowed":true,"status":200,"subject":"eve\u001b[2J")").find('\x1b') ==
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
