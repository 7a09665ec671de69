#include "changebank/handlers/decision/DecisionTrial.h"

#include <algorithm>

#include "tests/unit/handlers/decision/DecisionFixture.h"

using namespace changebank;
using namespace changebank::handlers;

namespace {

struct Fixture : DecisionFixture {
    Fixture() {
        options.rules =
            rules({"GET /orders/** roles=teller", "POST /orders/** roles=teller", "GET /open public"});
        options.decided = [this](unsigned, int) { isTold = true; };
    }

    TriedDecision tried(const std::string& method, const std::string& target, const std::string& token = {},
                        const std::string& host = "api.example.com") {
        auto factory = decisions();
        return tryDecision(*factory, {method, target, host, token});
    }

    bool isTold = false;
};

std::string fieldOf(const TriedDecision& decision, const std::string& name) {
    const auto found = std::find_if(decision.fields.begin(), decision.fields.end(),
                                    [&](const auto& field) { return field.first == name; });
    return found == decision.fields.end() ? "none" : found->second;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DecisionTrialTest, Fixture)

BOOST_AUTO_TEST_CASE(tellsWhoIsAllowedByWhichRule) {
    const auto decision = tried("POST", "/orders/7?x", token());
    BOOST_TEST(decision.status == 200);
    BOOST_TEST(decision.rule == 2U);
    BOOST_TEST(decision.route == "/orders/**");
    BOOST_TEST(decision.cause.empty());
    BOOST_TEST(decision.subject == subjectOfRecipe);
    BOOST_TEST(fieldOf(decision, "X-Auth-Roles") == "teller");
    BOOST_TEST(fieldOf(decision, "X-Auth-Token").empty());
    BOOST_TEST(decision.body.empty());
    BOOST_TEST(!isTold, "a trial leaves no trace");
}

BOOST_AUTO_TEST_CASE(tellsWhyNot) {
    const auto role = tried("GET", "/orders", token("[]"));
    BOOST_TEST(role.status == 403);
    BOOST_TEST(role.rule == 1U);
    BOOST_TEST(role.route == "/orders/**");
    BOOST_TEST(role.cause == "role_missing");
    BOOST_TEST(role.subject == subjectOfRecipe);
    BOOST_TEST(role.body == R"({"error":"You do not have a role with permissions to do this."})");
    BOOST_TEST(fieldOf(role, "WWW-Authenticate").find("insufficient_scope") != std::string::npos);

    const auto none = tried("PUT", "/orders", token());
    BOOST_TEST(none.status == 403);
    BOOST_TEST(none.rule == 0U);
    BOOST_TEST(none.route.empty());
    BOOST_TEST(none.cause == "rule_missing");

    BOOST_TEST(tried("GET", "/orders").cause == "missing_token");
    BOOST_TEST(tried("GET", "/orders", "a b").cause == "malformed_authorization");
    const auto ambiguous = tried("GET", "/orders/..", token());
    BOOST_TEST(ambiguous.cause == "path_ambiguous");
    BOOST_TEST(ambiguous.rule == 0U);
    BOOST_TEST(ambiguous.route.empty());
}

BOOST_AUTO_TEST_CASE(readsARequestAsStrictlyAsTheEndpoint) {
    for (const auto& [method, target, host] :
         {std::tuple("get", "/open", "a"), std::tuple("GET", "", "a"), std::tuple("GET", "/open", "a b")}) {
        const auto decision = tried(method, target, {}, host);
        BOOST_TEST(decision.status == 400);
        BOOST_TEST(decision.cause == "forwarded_request_invalid");
        BOOST_TEST(decision.body.find("ERR_FORWARDED_REQUEST") != std::string::npos);
        BOOST_TEST(decision.rule == 0U);
    }
    BOOST_TEST(tried("GET", "/open").status == 200);
}

BOOST_AUTO_TEST_CASE(leavesNoTraceInTheAuditTrailIfThereIsNone) {
    trail.reset();
    BOOST_TEST(tried("GET", "/orders", token("[]")).status == 403);
}

BOOST_AUTO_TEST_SUITE_END()
