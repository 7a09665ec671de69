#include "changebank/handlers/decision/DecisionRule.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <variant>

using namespace changebank;
using namespace changebank::handlers;

namespace {

DecisionRule rule(std::string_view text) {
    auto parsed = DecisionRule::parse(7, text);
    if (const auto* why = std::get_if<std::string>(&parsed)) BOOST_FAIL(*why);
    return std::get<DecisionRule>(std::move(parsed));
}

std::string faultOf(std::string_view text) {
    const auto parsed = DecisionRule::parse(7, text);
    const auto* why = std::get_if<std::string>(&parsed);
    return why == nullptr ? "" : *why;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DecisionRuleTest)

BOOST_AUTO_TEST_CASE(aRuleIsReadWithItsMethodsPathAndDemands) {
    const auto read = rule("GET,POST /orders/** roles=clerk scopes=orders:read maxAge=15m");
    BOOST_TEST(read.number == 7U);
    BOOST_TEST((read.methods == std::vector<std::string>{"GET", "POST"}));
    BOOST_TEST(read.path.text() == "/orders/**");
    using namespace security;
    BOOST_TEST((std::get<AccessRule>(read.access) ==
                (anyRole({"clerk"}) && allScopes({"orders:read"})).maxAge(std::chrono::minutes(15))));
}

BOOST_AUTO_TEST_CASE(itIsForEverybodyForEveryPrincipalOrForSome) {
    BOOST_TEST(std::holds_alternative<Everybody>(rule("GET /catalogue/** public").access));
    BOOST_TEST(std::holds_alternative<AnyPrincipal>(rule("GET /me authenticated").access));
    BOOST_TEST(std::holds_alternative<security::AccessRule>(rule("* /internal/** roles=admin").access));
}

BOOST_AUTO_TEST_CASE(getStandsForHeadAndAnAsteriskForAll) {
    const auto get = rule("GET,PUT /a public");
    for (const auto* method : {"GET", "HEAD", "PUT"})
        BOOST_TEST(get.hasMethod(method), method);
    for (const auto* method : {"POST", "get", "GE", "GETS", "", "*", "GET,PUT", "OPTIONS"})
        BOOST_TEST(!get.hasMethod(method), method);
    BOOST_TEST(!rule("HEAD /a public").hasMethod("GET"));
    BOOST_TEST(!rule("POST /a public").hasMethod("HEAD"));
    const auto all = rule("* /a public");
    BOOST_TEST(all.methods.empty());
    for (const auto* method : {"GET", "HEAD", "DELETE", "PROPFIND", "get", ""})
        BOOST_TEST(all.hasMethod(method), method);
}

BOOST_AUTO_TEST_CASE(methodsAreInUpperCaseAndEachThereOnce) {
    BOOST_TEST(faultOf("get /a public") ==
               R"("get" is not a method in upper case, such as GET; * alone stands for all)");
    for (const auto* list : {",GET", "GET,", "GET,,PUT", "GET,*", "*,GET", "G@T", "/a"})
        BOOST_TEST(faultOf(std::string(list) + " /a public").find(" is not a method in upper case") !=
                       std::string::npos,
                   list);
    BOOST_TEST(faultOf(std::string(33, 'A') + " /a public") != "");
    BOOST_TEST(faultOf(std::string(32, 'A') + ",M-SEARCH,VERSION-CONTROL,X_1 /a public") == "");
    // Whatever the endpoint accepts, a rule can name.
    BOOST_TEST(faultOf("X1!#$%&'*+-.^_`|~ /a public") == "");
    BOOST_TEST(faultOf("GET,PUT,GET /a public") == "has the method GET twice");
    BOOST_TEST(faultOf("GET,HEAD /a public") == "");
}

BOOST_AUTO_TEST_CASE(aRuleMustSayWho) {
    for (const auto* text : {"", " ", "GET", "GET /a", "GET /a ", "public"})
        BOOST_TEST(faultOf(text).ends_with(
                       " is not of the form METHODS PATH WHO, such as GET,POST /orders/** roles=clerk, "
                       "where WHO is public, authenticated or a rule"),
                   text);
}

BOOST_AUTO_TEST_CASE(publicAndAuthenticatedStandAlone) {
    for (const std::string word : {"public", "authenticated"}) {
        for (const auto& who : {word + " roles=clerk", "roles=clerk " + word, word + " " + word})
            BOOST_TEST(faultOf("GET /a " + who) ==
                       "has " + word + " beside other terms, but it stands alone");
    }
}

BOOST_AUTO_TEST_CASE(otherWordsAreNoTerms) {
    for (const auto* who : {"Public", "everyone", "clerk", "roles:clerk"})
        BOOST_TEST(
            faultOf(std::string("GET /a ") + who) ==
            "\"" + std::string(who) +
                "\" is neither public nor authenticated nor of the form NAME=LIST, such as roles=clerk");
    BOOST_TEST(faultOf("GET /a role=clerk").starts_with("\"role\" is none of roles, allRoles, "));
    BOOST_TEST(faultOf("GET /a roles=").find("empty name") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(aBadPathIsExplained) {
    BOOST_TEST(faultOf("GET orders public") == R"("orders" does not begin with a slash)");
}

BOOST_AUTO_TEST_CASE(blanksBetweenThePartsAreTheirs) {
    BOOST_TEST(rule("  GET \t /a   roles=x  scopes=y\t").toText() == "GET /a roles=x scopes=y");
}

BOOST_AUTO_TEST_CASE(theTextIsReadAgain) {
    for (const auto* text :
         {"GET,POST /orders/** roles=clerk scopes=orders:read maxAge=15m", "* /internal/** roles=a%20b,c",
          "GET /me authenticated", "GET /Catalogue/*/ public", "DELETE / permissions=x acr=2 dpop=require"}) {
        BOOST_TEST(rule(text).toText() == text);
        BOOST_TEST(rule(rule(text).toText()).toText() == text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
