#include "changebank/security/guard/AccessRule.h"

#include <Poco/Exception.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

using namespace changebank;
using namespace changebank::security;
using namespace std::chrono_literals;

namespace {

constexpr double now = 1'790'000'000;
const Clock::Wall wallNow{std::chrono::seconds(1'790'000'000)};

Principal dana() {
    Principal principal;
    principal.subject = "dana";
    principal.roles = {"guest", "teller"};
    principal.scopes = {"openid", "change:make"};
    principal.permissions = {"ledger.read", "ledger.write"};
    principal.authenticatedAt = now - 100;
    principal.authenticationClass = "urn:mfa";
    return principal;
}

/// "passes", or the cause of the refusal.
std::string verdict(const AccessRule& rule, const Principal& principal = dana()) {
    const auto refusal = rule.check(principal, wallNow);
    return refusal ? std::string(traitsOf(refusal->cause).name) : "passes";
}

std::string verdictAt(const AccessRule& rule, std::optional<double> authenticatedAt) {
    auto principal = dana();
    principal.authenticatedAt = authenticatedAt;
    return verdict(rule, principal);
}

AccessRule parsed(std::string_view text) {
    auto rule = AccessRule::parse(text);
    if (const auto* why = std::get_if<std::string>(&rule)) throw std::runtime_error(*why);
    return std::get<AccessRule>(rule);
}

/// Why a text is no rule; empty if it is one.
std::string reason(std::string_view text) {
    const auto rule = AccessRule::parse(text);
    const auto* why = std::get_if<std::string>(&rule);
    return why != nullptr ? *why : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(AccessRuleTest)

BOOST_AUTO_TEST_CASE(aTokenMayHaveToBeBound) {
    auto bound = dana();
    bound.confirmation.keyThumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    const auto rule = anyRole({"teller"}).dpopBound();
    BOOST_TEST(verdict(rule, bound) == "passes");
    BOOST_TEST(verdict(rule) == "dpop_required");
    // Before what the principal may do.
    BOOST_TEST(verdict(anyRole({"manager"}).dpopBound()) == "dpop_required");
    BOOST_TEST(verdict(anyRole({"manager"}).dpopBound(), bound) == "role_missing");
    BOOST_TEST(verdict(anyRole({"teller"}) && anyPrincipal().dpopBound()) == "dpop_required");
    BOOST_TEST((parsed("roles=teller dpop=require") == rule));
    BOOST_TEST(rule.toText() == "roles=teller dpop=require");
    BOOST_TEST(reason("dpop=require dpop=require") == "has dpop twice");
    for (const auto value : {"dpop=", "dpop=allow", "dpop=Require", "dpop=require,allow"})
        BOOST_TEST(reason(value).ends_with(" is not a value of dpop, which is only dpop=require"), value);
    BOOST_TEST(rule.challenge({.dpopAlgorithms = {"ES256"}})->valueFor(Cause::dpopRequired) ==
               R"(DPoP realm="changebank", algs="ES256", error="invalid_token")");
    BOOST_CHECK_THROW(rule.challenge(), Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_CASE(anyAndAllOfEachKind) {
    BOOST_TEST(verdict(anyRole({"manager", "teller"})) == "passes");
    BOOST_TEST(verdict(anyRole({"manager", "Teller", "teller "})) == "role_missing");
    BOOST_TEST(verdict(allRoles({"teller", "guest"})) == "passes");
    BOOST_TEST(verdict(allRoles({"teller", "manager"})) == "role_missing");
    BOOST_TEST(verdict(anyScope({"panic", "openid"})) == "passes");
    BOOST_TEST(verdict(anyScope({"panic"})) == "scope_missing");
    BOOST_TEST(verdict(allScopes({"openid", "change:make"})) == "passes");
    BOOST_TEST(verdict(allScopes({"openid", "panic"})) == "scope_missing");
    BOOST_TEST(verdict(anyPermission({"x", "ledger.read"})) == "passes");
    BOOST_TEST(verdict(anyPermission({"x"})) == "permission_missing");
    BOOST_TEST(verdict(allPermissions({"ledger.read", "ledger.write"})) == "passes");
    BOOST_TEST(verdict(allPermissions({"ledger.read", "x"})) == "permission_missing");
}

BOOST_AUTO_TEST_CASE(aKindIsNotAnother) {
    BOOST_TEST(verdict(anyRole({"openid"})) == "role_missing");
    BOOST_TEST(verdict(anyScope({"teller"})) == "scope_missing");
    BOOST_TEST(verdict(anyPermission({"teller"})) == "permission_missing");
}

BOOST_AUTO_TEST_CASE(anyOfNothingRefusesAndAllOfNothingPasses) {
    BOOST_TEST(verdict(anyRole({})) == "role_missing");
    BOOST_TEST(verdict(anyScope({})) == "scope_missing");
    BOOST_TEST(verdict(anyPermission({})) == "permission_missing");
    BOOST_TEST(verdict(allRoles({})) == "passes");
    BOOST_TEST(verdict(anyPrincipal(), Principal()) == "passes");
}

BOOST_AUTO_TEST_CASE(everyDemandCountsAndTheFirstOneIsNamed) {
    BOOST_TEST(verdict(anyRole({"teller"}) && allScopes({"openid"})) == "passes");
    BOOST_TEST(verdict(anyRole({"teller"}) and allScopes({"panic"})) == "scope_missing");
    BOOST_TEST(verdict(anyRole({"x"}) && allScopes({"panic"})) == "role_missing");
    BOOST_TEST(verdict(allScopes({"panic"}) && anyRole({"x"})) == "scope_missing");
    BOOST_TEST(verdict(anyRole({"teller"}) && anyRole({"manager"})) == "role_missing");
    // A fresh sign-in would not help.
    BOOST_TEST(verdict(anyRole({"x"}).maxAge(1s)) == "role_missing");
    BOOST_TEST(verdict(anyRole({"teller"}).maxAge(1s)) == "insufficient_authentication");
}

BOOST_AUTO_TEST_CASE(theAuthenticationMustBeFresh) {
    const auto rule = anyPrincipal().maxAge(5min);
    BOOST_TEST(verdictAt(rule, now - 300) == "passes");
    BOOST_TEST(verdictAt(rule, now - 301) == "insufficient_authentication");
    BOOST_TEST(verdictAt(rule, now + 60) == "passes");
    BOOST_TEST(verdictAt(rule, now + 61) == "insufficient_authentication");
    BOOST_TEST(verdictAt(rule, std::nullopt) == "insufficient_authentication");
    for (const double bad :
         {now * 1000, -1e300, 1e300, std::numeric_limits<double>::infinity(), std::nan("")})
        BOOST_TEST(verdictAt(rule, bad) == "insufficient_authentication");
}

BOOST_AUTO_TEST_CASE(theClassOfTheAuthenticationMustBeListed) {
    BOOST_TEST(verdict(anyPrincipal().acr({"phr", "urn:mfa"})) == "passes");
    BOOST_TEST(verdict(anyPrincipal().acr({"phr"})) == "insufficient_authentication");
    BOOST_TEST(verdict(anyPrincipal().acr({"phr"}), Principal()) == "insufficient_authentication");
    BOOST_TEST(verdict(anyPrincipal().acr({"urn:mfa"}).maxAge(1s)) == "insufficient_authentication");
}

BOOST_AUTO_TEST_CASE(theStricterOfTwoAuthenticationsCounts) {
    const auto both =
        anyPrincipal().maxAge(15min).acr({"a", "b"}) && anyPrincipal().maxAge(5min).acr({"b", "c"});
    BOOST_TEST(both.toText() == "maxAge=5m acr=b");
    BOOST_TEST((anyPrincipal().maxAge(5min) && anyRole({"x"}).maxAge(15min)).toText() == "roles=x maxAge=5m");
    BOOST_CHECK_THROW(anyPrincipal().acr({"a"}) && anyPrincipal().acr({"b"}), Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_CASE(textIsReadAndWritten) {
    for (const std::string text :
         {"roles=customer,teller", "allRoles=a,b", "scopes=change:make,panic", "anyScope=a,b",
          "permissions=p", "anyPermission=p,q", "roles=teller scopes=change:make maxAge=15m acr=urn:x,phr",
          "maxAge=30s", "maxAge=90s", "maxAge=24h", "roles=a roles=b",
          "roles=senior%20teller,a%2Cb,100%25"}) {
        BOOST_TEST(parsed(text).toText() == text);
        BOOST_TEST((parsed(parsed(text).toText()) == parsed(text)), text);
    }
    BOOST_TEST(parsed("  roles=a\t scopes=b ").toText() == "roles=a scopes=b");
    BOOST_TEST(parsed("maxAge=120s").toText() == "maxAge=2m");
    BOOST_TEST((parsed("roles=senior%20teller,a%2cb") == anyRole({"senior teller", "a,b"})));
    BOOST_TEST(
        (parsed("roles=customer,teller scopes=change:make maxAge=15m acr=urn:x") ==
         (anyRole({"customer", "teller"}) && allScopes({"change:make"})).maxAge(15min).acr({"urn:x"})));
    BOOST_TEST((parsed("anyScope=a") == anyScope({"a"})));
    BOOST_TEST((parsed("scopes=a") == allScopes({"a"})));
    BOOST_TEST((parsed("permissions=a") == allPermissions({"a"})));
    BOOST_TEST((parsed("anyPermission=a") == anyPermission({"a"})));
    BOOST_TEST((parsed("allRoles=a") == allRoles({"a"})));
}

BOOST_AUTO_TEST_CASE(textThatIsNoRuleSaysWhy) {
    BOOST_TEST(reason("") == "demands nothing");
    BOOST_TEST(reason(" \t") == "demands nothing");
    BOOST_TEST(reason("teller") == R"("teller" is not of the form NAME=LIST, such as roles=teller)");
    BOOST_TEST(reason("role=teller") ==
               R"("role" is none of roles, allRoles, scopes, anyScope, permissions, anyPermission, maxAge, )"
               "acr and dpop");
    BOOST_TEST(reason("roles=") == "the list of roles has an empty name in it");
    BOOST_TEST(reason("roles=a,") == "the list of roles has an empty name in it");
    BOOST_TEST(reason("roles=customer, teller") == "the list of roles has an empty name in it");
    BOOST_TEST(reason("roles=a%2") == R"("a%2" has a % without two hexadecimal digits behind it)");
    BOOST_TEST(reason("roles=a%zz") == R"("a%zz" has a % without two hexadecimal digits behind it)");
    BOOST_TEST(reason("maxAge=5m maxAge=5m") == "has maxAge twice");
    BOOST_TEST(reason("acr=a acr=b") == "has acr twice");
    for (const std::string bad : {"", "0s", "-5m", "5", "5ms", "m", "5 m", "5d", "1.5h",
                                  "99999999999999999999s", "9999999h", "5mm"}) {
        if (bad == "5 m") continue;  // Two terms.
        BOOST_TEST(reason("maxAge=" + bad) ==
                   '"' + bad + "\" is not a duration of whole seconds above zero, such as 30s, 15m or 24h");
    }
    for (const std::string bad : {"a\"b", "a\\b", "caf\xC3\xA9", "a%20b", "a%2Cb", "a%0Ab"}) {
        BOOST_TEST(reason("scopes=" + bad).find(" cannot be a scope: ") != std::string::npos, bad);
        BOOST_TEST(reason("anyScope=" + bad).find(" cannot be a scope: ") != std::string::npos, bad);
        BOOST_TEST(reason("acr=" + bad).find(" cannot be an acr: ") != std::string::npos, bad);
        BOOST_TEST(reason("permissions=" + bad) == "");
    }
}

BOOST_AUTO_TEST_CASE(rulesThatNoChallengeCanNameAreRejectedInCodeToo) {
    for (const std::string bad : {"", "a b", "a\"b", "a\\b", "a\nb", "caf\xC3\xA9"}) {
        BOOST_CHECK_THROW(allScopes({"a", bad}), Poco::InvalidArgumentException);
        BOOST_CHECK_THROW(anyScope({bad}), Poco::InvalidArgumentException);
        BOOST_CHECK_THROW(anyPrincipal().acr({bad}), Poco::InvalidArgumentException);
    }
    BOOST_CHECK_THROW(anyPrincipal().acr({}), Poco::InvalidArgumentException);
    BOOST_CHECK_THROW(anyPrincipal().maxAge(0s), Poco::InvalidArgumentException);
    BOOST_CHECK_THROW(anyPrincipal().maxAge(-1s), Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_CASE(namesAreListedOncePerKind) {
    const auto rule = anyRole({"a", "b"}) && allScopes({"s", "t"}) && anyScope({"t", "u"}) && anyRole({"b"});
    using Kind = AccessRule::Kind;
    BOOST_TEST((rule.namesOf(Kind::scopes) == std::vector<std::string>{"s", "t", "u"}));
    BOOST_TEST((rule.namesOf(Kind::roles) == std::vector<std::string>{"a", "b"}));
    BOOST_TEST(rule.namesOf(Kind::permissions).empty());
}

BOOST_AUTO_TEST_CASE(theChallengeNamesWhatTheRuleWants) {
    const auto rule = (anyRole({"x"}) && allScopes({"a", "b"})).maxAge(5min).acr({"m", "n"});
    BOOST_TEST(
        rule.challenge({.realm = "shop", .resourceMetadata = "https://shop.example/m"})
            ->valueFor(Cause::insufficientAuthentication) ==
        R"(Bearer realm="shop", error="insufficient_user_authentication", scope="a b", max_age="300", )"
        R"(acr_values="m n", resource_metadata="https://shop.example/m")");
    BOOST_TEST(anyRole({"x"}).challenge()->valueFor(Cause::missingToken) == R"(Bearer realm="changebank")");
}

BOOST_AUTO_TEST_CASE(aRefusalSaysWhatWasWantedAndThere) {
    const auto evidence = [](const AccessRule& rule, const Principal& principal = dana()) {
        const auto refusal = rule.check(principal, wallNow);
        return refusal ? refusal->expected + " / " + refusal->found : "passes";
    };
    BOOST_TEST(evidence(anyRole({"chief", "boss"})) == "one of chief, boss / guest, teller");
    BOOST_TEST(evidence(anyRole({"chief"})) == "chief / guest, teller");
    BOOST_TEST(evidence(allScopes({"a", "openid"})) == "a, openid / openid, change:make");
    BOOST_TEST(evidence(anyRole({"chief"}), {}) == "chief / none");
    BOOST_TEST(evidence(AccessRule().acr({"urn:key"})) == "acr urn:key / acr urn:mfa");
    BOOST_TEST(evidence(AccessRule().maxAge(90s)) == "signed in at most 90s ago / signed in 100 s ago");
    BOOST_TEST(evidence(AccessRule().acr({"urn:key"}).maxAge(1h), {}) ==
               "acr urn:key, signed in at most 1h ago / acr none, no auth_time");
    auto odd = dana();
    odd.authenticatedAt = std::numeric_limits<double>::infinity();
    BOOST_TEST(evidence(AccessRule().maxAge(90s), odd).find("signed in at most 90s ago / signed in -") == 0U);
    odd.roles.assign(100'000, "role");
    BOOST_TEST(anyRole({"chief"}).check(odd, wallNow)->found.size() == Refusal::maxEvidence);
}

BOOST_AUTO_TEST_SUITE_END()
