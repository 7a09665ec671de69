#include "changebank/handlers/decision/DecisionRules.h"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

using namespace changebank::handlers;

namespace {

DecisionRule rule(unsigned number, std::string_view text) {
    return std::get<DecisionRule>(DecisionRule::parse(number, text));
}

/// Numbered from 1.
DecisionRules rules(const std::vector<std::string>& texts) {
    std::vector<DecisionRule> all;
    for (const auto& text : texts)
        all.push_back(rule(static_cast<unsigned>(all.size() + 1), text));
    return DecisionRules(std::move(all));
}

/// `NUMBER WHY`, a line each.
std::string faultsOf(const std::vector<std::string>& texts) {
    std::string lines;
    for (const auto& [number, why] : rules(texts).unreachable())
        lines += std::to_string(number) + " " + why + "\n";
    return lines;
}

std::string pathOf(std::mt19937& random, const std::vector<std::string>& names) {
    std::string path;
    for (auto length = random() % 4; length > 0; --length)
        path += "/" + names[random() % names.size()];
    return path.empty() ? "/" : path;
}

/// One of few rules that often cover each other.
std::string randomRule(std::mt19937& random) {
    static const std::vector<std::string> methods{"*", "GET", "HEAD", "PUT"};
    auto path = pathOf(random, {"a", "*"});
    if (random() % 3 == 0) path += path == "/" ? "**" : "/**";
    return methods[random() % methods.size()] + " " + path + " public";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DecisionRulesTest)

BOOST_AUTO_TEST_CASE(theFirstRuleThatMatchesDecides) {
    const auto some =
        rules({"GET /orders/special public", "GET /orders/* roles=clerk", "* /orders/** roles=admin"});
    BOOST_TEST(some.find("GET", "/orders/special") == 0U);
    BOOST_TEST(some.find("HEAD", "/orders/special") == 0U);
    BOOST_TEST(some.find("GET", "/orders/17") == 1U);
    BOOST_TEST(some.find("PUT", "/orders/special") == 2U);
    BOOST_TEST(some.find("GET", "/orders/17/items") == 2U);
    BOOST_TEST(some.find("GET", "/") == some.all().size());
}

BOOST_AUTO_TEST_CASE(withoutRulesNothingIsFound) {
    const DecisionRules none({});
    BOOST_TEST(none.all().empty());
    BOOST_TEST(none.find("GET", "/") == 0U);
    BOOST_TEST(none.unreachable().empty());
}

BOOST_AUTO_TEST_CASE(theyAreInTheOrderOfTheirNumbers) {
    const DecisionRules sorted(
        {rule(1000, "* /** public"), rule(2, "GET /a public"), rule(10, "GET /b public")});
    BOOST_REQUIRE(sorted.all().size() == 3U);
    BOOST_TEST(sorted.all()[0].number == 2U);
    BOOST_TEST(sorted.all()[1].number == 10U);
    BOOST_TEST(sorted.all()[2].number == DecisionRules::maxNumber);
    BOOST_TEST(sorted.find("GET", "/b") == 1U);
}

BOOST_AUTO_TEST_CASE(aRuleBehindAWiderOneIsUnreachable) {
    BOOST_TEST(faultsOf({"* /orders/** roles=clerk", "GET /orders/special public"}) ==
               "2 is never reached for GET, since decision.rule.1 before it matches the same requests\n");
    BOOST_TEST(faultsOf({"* /** authenticated", "* /a public"}) ==
               "2 is never reached, since decision.rule.1 before it matches the same requests\n");
    BOOST_TEST(faultsOf({"GET /a public", "GET /A/ roles=x"}).starts_with("2 is never reached for GET"));
    BOOST_TEST(faultsOf({"GET /a public", "HEAD /a roles=x"}).starts_with("2 is never reached for HEAD"));
}

BOOST_AUTO_TEST_CASE(aRuleIsUnreachableForOneOfItsMethods) {
    BOOST_TEST(faultsOf({"GET /a public", "PUT,GET,DELETE /a roles=x"}) ==
               "2 is never reached for GET, since decision.rule.1 before it matches the same requests\n");
    BOOST_TEST(faultsOf({"GET /a public", "PUT /a public", "PUT,GET /a roles=x"}) ==
               "3 is never reached for PUT, since decision.rule.2 before it matches the same requests\n"
               "3 is never reached for GET, since decision.rule.1 before it matches the same requests\n");
}

BOOST_AUTO_TEST_CASE(aRuleForAllMethodsIsReachedByOthers) {
    BOOST_TEST(faultsOf({"GET,POST,PUT /a public", "* /a roles=x"}) == "");
    BOOST_TEST(faultsOf({"* /a/** public", "* /a roles=x"}).starts_with("2 is never reached, since"));
}

BOOST_AUTO_TEST_CASE(rulesCanCoverOneTogether) {
    BOOST_TEST(
        faultsOf({"GET /a public", "GET /a/* public", "* /*/*/*/** roles=x", "GET /a/** roles=y"}) ==
        "4 is never reached for GET, since decision.rule.1, decision.rule.2 and decision.rule.3 before "
        "it match the same requests\n");
    BOOST_TEST(faultsOf({"GET /a public", "* /*/*/*/** roles=x", "GET /a/** roles=y"}) == "");
    BOOST_TEST(faultsOf({"GET /a public", "GET /a/* public", "* /a/b/*/** roles=x", "GET /a/** roles=y"}) ==
               "");
}

BOOST_AUTO_TEST_CASE(rulesThatRequestsReachAreFine) {
    BOOST_TEST(faultsOf({"GET /a/b public", "GET /a/* roles=x", "GET /a/** roles=y", "POST /a/b roles=z",
                         "HEAD /c public", "GET /c public", "* /** authenticated"}) == "");
}

BOOST_AUTO_TEST_CASE(aRuleIsUnreachableIfAndOnlyIfNoRequestFindsIt) {
    // "x" is a name and "TRACE" a method of no rule, and no rule has four segments.
    std::mt19937 random(20261130);
    std::vector<std::string> paths{"/"};
    for (std::size_t i = 0; i < paths.size() && paths.size() < 400; ++i) {
        for (const auto* name : {"/a", "/x"})
            paths.push_back((paths[i] == "/" ? "" : paths[i]) + name);
    }
    for (int round = 0; round < 2'000; ++round) {
        std::vector<std::string> texts;
        for (int i = 0; i < 6; ++i)
            texts.push_back(randomRule(random));
        const auto some = rules(texts);
        std::vector<bool> reached(texts.size() + 1, false);
        for (const auto& path : paths) {
            for (const auto* method : {"GET", "HEAD", "PUT", "TRACE"}) {
                const auto found = some.find(method, path);
                const bool isNamed = found == texts.size() || some.all()[found].methods.empty()
                                         ? std::string_view(method) == "TRACE"
                                         : some.all()[found].methods.front() == method;
                if (isNamed) reached[found] = true;
            }
        }
        std::vector<bool> faulty(texts.size(), false);
        for (const auto& fault : some.unreachable())
            faulty[fault.number - 1] = true;
        for (std::size_t i = 0; i < texts.size(); ++i)
            BOOST_REQUIRE_MESSAGE(faulty[i] != reached[i], texts[i] << " behind others, round " << round);
    }
}

BOOST_AUTO_TEST_SUITE_END()
