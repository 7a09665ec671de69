#include "changebank/security/token/ClaimsCheck.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/TokenRecipe.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::TokenRecipe;

namespace {

constexpr long long now = 1'790'000'000;

TokenPolicy policy() {
    TokenPolicy policy;
    policy.issuer = TokenRecipe::issuer;
    policy.audiences = {TokenRecipe::audience, "another"};
    return policy;
}

std::variant<VerifiedToken, Refusal> check(const TokenRecipe& recipe, const TokenPolicy& by = policy()) {
    return checkClaims(Json::parse(recipe.headerText()).value(), recipe.claimsText(), by,
                       static_cast<double>(now));
}

/// The cause and parameter of the refusal, as `cause parameter`; "accepted" if there is none.
std::string outcome(const TokenRecipe& recipe, const TokenPolicy& by = policy()) {
    const auto checked = check(recipe, by);
    const auto* refusal = std::get_if<Refusal>(&checked);
    if (!refusal) return "accepted";
    return std::string(traitsOf(refusal->cause).name) +
           (refusal->parameter.empty() ? "" : " " + refusal->parameter);
}

std::string with(const std::string& claim, const std::string& json) {
    return outcome(TokenRecipe(now).claim(claim, json));
}

std::string seconds(long long offset) {
    return std::to_string(now + offset);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ClaimsCheckTest)

BOOST_AUTO_TEST_CASE(aTokenMustSayWhoCalls) {
    BOOST_TEST(outcome(TokenRecipe(now).without("sub")) == "claim_missing sub");
    for (const char* unusable : {"4711", R"("")", R"("  ")", R"({"id":"x"})", "null", R"(["x"])", "true"})
        BOOST_TEST(with("sub", unusable) == "claim_unexpected sub", unusable);
}

BOOST_AUTO_TEST_CASE(anotherClaimMaySayWhoCalls) {
    auto by = policy();
    by.claims.subject = ClaimPath("email");
    const auto recipe = TokenRecipe(now).without("sub").claim("email", R"("teller@example.com")");
    BOOST_TEST(std::get<VerifiedToken>(check(recipe, by)).principal.subject == "teller@example.com");
    BOOST_TEST(outcome(TokenRecipe(now), by) == "claim_missing email");
    by.claims.subject.reset();
    BOOST_TEST(std::get<VerifiedToken>(check(TokenRecipe(now).without("sub"), by)).principal.subject.empty());
}

BOOST_AUTO_TEST_CASE(whoCallsIsCheckedLast) {
    BOOST_TEST(outcome(TokenRecipe(now).without("sub").claim("cnf", "{}")) == "claim_unexpected cnf");
}

BOOST_AUTO_TEST_CASE(aGoodTokenNamesItsPrincipal) {
    const auto checked = check(TokenRecipe(now)
                                   .claim("tid", R"("t1")")
                                   .claim("jti", R"("j1")")
                                   .claim("roles", R"(["teller","customer"])"));
    const auto& token = std::get<VerifiedToken>(checked);
    BOOST_TEST(token.principal.subject == "00000000-0000-0000-0000-000000000001");
    BOOST_TEST(token.principal.tenant == "t1");
    BOOST_TEST(token.principal.tokenId == "j1");
    BOOST_TEST(token.principal.hasAnyOf({"customer"}));
    BOOST_TEST(token.period.expires == static_cast<double>(now + 600));
    BOOST_TEST(Json::parse(token.principal.claims)->find("iss") != nullptr);
}

BOOST_AUTO_TEST_CASE(thePrincipalsClaimsAreTheTokensOwnOnOneLine) {
    const auto claimsOf = [](const std::string& more) {
        const auto claims = TokenRecipe(now).claimsText();
        auto checked = checkClaims(Json(Json::Object{}), claims.substr(0, claims.size() - 1) + more, policy(),
                                   static_cast<double>(now));
        return std::get<VerifiedToken>(checked).principal.claims.substr(claims.size() - 1);
    };
    for (const std::string more :
         {"}", " , \"x\" : [ 1.0e0 , \"\\u0041\\/\\n\" ] } ", ",\"name\":\"\xC3\xA4\\\"\\\\\"}"})
        BOOST_TEST(claimsOf(more) == more);
    for (const std::string space : {"\n", "\r", "\t", "\r\n  "})
        BOOST_TEST(claimsOf("," + space + "\"x\":[1.0e0," + space + "2]" + space + "}" + space) ==
                   ",\"x\":[1.0e0,2]}");
    BOOST_TEST(claimsOf(",\"x\":\"\x7F\"}") == ",\"x\":\"\\u007f\"}");
}

BOOST_AUTO_TEST_CASE(typeSaysJwtOrAccessToken) {
    for (const char* type :
         {R"("JWT")", R"("jwt")", R"("at+jwt")", R"("application/at+jwt")", R"("Application/JWT")"}) {
        BOOST_TEST(outcome(TokenRecipe(now).header("typ", type)) == "accepted", type);
    }
    BOOST_TEST(outcome(TokenRecipe(now).withoutHeader("typ")) == "accepted");
    for (const char* type : {R"("dpop+jwt")", R"("secevent+jwt")", R"("logout+jwt")", R"("JWE")", R"("")",
                             "1", "null", R"(["JWT"])", R"("application/")"}) {
        BOOST_TEST(outcome(TokenRecipe(now).header("typ", type)) == "type_unexpected", type);
    }
}

BOOST_AUTO_TEST_CASE(claimsAreOneJsonObject) {
    for (const char* payload :
         {"", "[]", "\"x\"", "1", "null", "{}{}", "{} x", R"({"exp":NaN})", "{\"a\":\"\xFF\"}",
          "\xEF\xBB\xBF{}", R"({"exp":1,"exp":2})", R"({"exp":1,"ex\u0070":2})", R"({"a":"\ud800"})"}) {
        const auto checked = checkClaims(Json(Json::Object{}), payload, policy(), static_cast<double>(now));
        BOOST_TEST((std::get<Refusal>(checked).cause == Cause::claimsNotObject), payload);
    }
    const std::string deep = std::string(17, '[') + std::string(17, ']');
    BOOST_TEST(with("x", deep) == "claims_not_object");
}

BOOST_AUTO_TEST_CASE(theIssuerIsExact) {
    BOOST_TEST(outcome(TokenRecipe(now).without("iss")) == "claim_missing iss");
    for (const char* issuer : {R"("http://localhost:9011/")", R"("HTTP://localhost:9011")", R"("")", "null",
                               "1", R"(["http://localhost:9011"])"}) {
        BOOST_TEST(with("iss", issuer) == "claim_unexpected iss", issuer);
    }
}

BOOST_AUTO_TEST_CASE(theAudienceIsAStringOrAnArrayOfStrings) {
    const std::string ours = quoteJson(TokenRecipe::audience);
    for (const std::string& audience :
         {ours, std::string(R"("another")"), "[" + ours + "]", "[\"x\"," + ours + "]"}) {
        BOOST_TEST(with("aud", audience) == "accepted", audience);
    }
    BOOST_TEST(outcome(TokenRecipe(now).without("aud")) == "claim_missing aud");
    for (const std::string& audience :
         {std::string("[]"), std::string("{}"), std::string("1"), std::string("null"), "[[" + ours + "]]",
          "[" + ours + ",1]", std::string(R"("e9fdb985")"),
          std::string(R"("E9FDB985-9173-4E01-9D73-AC2D60D1DC8E")"), std::string(R"("")"),
          "{\"x\":" + ours + "}"}) {
        BOOST_TEST(with("aud", audience) == "claim_unexpected aud", audience);
    }
    auto none = policy();
    none.audiences.clear();
    BOOST_TEST(outcome(TokenRecipe(now), none) == "claim_unexpected aud");
}

BOOST_AUTO_TEST_CASE(expirationIsRequiredUnlessSwitchedOff) {
    BOOST_TEST(outcome(TokenRecipe(now).without("exp")) == "claim_missing exp");
    auto lenient = policy();
    lenient.requireExpiration = false;
    BOOST_TEST(outcome(TokenRecipe(now).without("exp"), lenient) == "accepted");
    BOOST_TEST(outcome(TokenRecipe(now).claim("exp", seconds(0)), lenient) == "expired");
}

BOOST_AUTO_TEST_CASE(expirationIsStrictAtTheSecond) {
    BOOST_TEST(with("exp", seconds(1)) == "accepted");
    BOOST_TEST(with("exp", seconds(0)) == "expired");
    BOOST_TEST(with("exp", seconds(0) + ".5") == "accepted");
    for (const char* past : {"0", "-1", "1"})
        BOOST_TEST(with("exp", past) == "expired");
}

BOOST_AUTO_TEST_CASE(notBeforeAndIssuedAtMayNotBeInTheFuture) {
    BOOST_TEST(with("nbf", seconds(0)) == "accepted");
    BOOST_TEST(with("nbf", seconds(1)) == "claim_timestamp_failed nbf");
    BOOST_TEST(with("iat", seconds(0)) == "accepted");
    BOOST_TEST(with("iat", seconds(1)) == "issued_in_future");
    BOOST_TEST(outcome(TokenRecipe(now).without("iat")) == "accepted");
}

BOOST_AUTO_TEST_CASE(leewayIsGrantedToAllThree) {
    auto lenient = policy();
    lenient.leeway = std::chrono::seconds(10);
    BOOST_TEST(outcome(TokenRecipe(now).claim("exp", seconds(-9)), lenient) == "accepted");
    BOOST_TEST(outcome(TokenRecipe(now).claim("exp", seconds(-10)), lenient) == "expired");
    BOOST_TEST(outcome(TokenRecipe(now).claim("nbf", seconds(10)), lenient) == "accepted");
    BOOST_TEST(outcome(TokenRecipe(now).claim("nbf", seconds(11)), lenient) == "claim_timestamp_failed nbf");
    BOOST_TEST(outcome(TokenRecipe(now).claim("iat", seconds(10)), lenient) == "accepted");
    BOOST_TEST(outcome(TokenRecipe(now).claim("iat", seconds(11)), lenient) == "issued_in_future");
}

BOOST_AUTO_TEST_CASE(timesAreFiniteNumbersBeforeTheYear10000) {
    for (const char* claim : {"iat", "nbf", "exp"}) {
        for (const char* value :
             {R"("1790000000")", "null", "true", "[]", "{}", "1e400", "-1e400", "253402300800",
              "9007199254740993", "9223372036854775808", "18446744073709551616", "-253402300800"}) {
            BOOST_TEST(with(claim, value) == "claim_not_number " + std::string(claim), claim << " " << value);
        }
    }
    BOOST_TEST(with("exp", "253402300799") == "accepted");
    BOOST_TEST(with("exp", "1e10") == "accepted");
}

BOOST_AUTO_TEST_CASE(aTokenMayNotLiveLongerThanThePolicySays) {
    auto by = policy();
    by.maxLifetime = std::chrono::seconds(600);
    const auto living = [&by](const std::string& issued, const std::string& expires) {
        return outcome(TokenRecipe(now).claim("iat", issued).claim("exp", expires), by);
    };
    BOOST_TEST(living(seconds(0), seconds(600)) == "accepted");
    BOOST_TEST(living(seconds(-300), seconds(300)) == "accepted");
    BOOST_TEST(living(seconds(-300), seconds(299)) == "accepted");
    BOOST_TEST(living(seconds(0), seconds(601)) == "lifetime_too_long");
    BOOST_TEST(living(seconds(0), seconds(600) + ".5") == "lifetime_too_long");
    BOOST_TEST(living(seconds(-1) + ".5", seconds(600)) == "lifetime_too_long");
    BOOST_TEST(living(seconds(-601), seconds(1)) == "lifetime_too_long");
    BOOST_TEST(living("0", seconds(1)) == "lifetime_too_long");
    BOOST_TEST(living("-253402300799", "253402300799") == "lifetime_too_long");
    // The leeway is for clocks, not for lives.
    by.leeway = std::chrono::seconds(30);
    BOOST_TEST(living(seconds(-601), seconds(0)) == "lifetime_too_long");
    BOOST_TEST(living(seconds(-600), seconds(0)) == "accepted");
    BOOST_TEST(outcome(TokenRecipe(now).claim("exp", seconds(253'402'300'799 - now))) == "accepted");
}

BOOST_AUTO_TEST_CASE(aLimitedLifeHasABeginningAndAnEnd) {
    auto by = policy();
    by.requireExpiration = false;
    const auto withoutEither = TokenRecipe(now).without("iat").without("exp");
    BOOST_TEST(outcome(TokenRecipe(now).without("iat"), by) == "accepted");
    BOOST_TEST(outcome(withoutEither, by) == "accepted");
    by.maxLifetime = std::chrono::hours(24 * 365 * 1000);
    BOOST_TEST(outcome(TokenRecipe(now), by) == "accepted");
    BOOST_TEST(outcome(TokenRecipe(now).without("iat"), by) == "lifetime_too_long");
    BOOST_TEST(outcome(TokenRecipe(now).without("exp"), by) == "lifetime_too_long");
    BOOST_TEST(outcome(withoutEither, by) == "lifetime_too_long");
    BOOST_TEST(outcome(TokenRecipe(now).without("iat").claim("nbf", seconds(0)), by) == "lifetime_too_long");
}

BOOST_AUTO_TEST_CASE(theLifetimeIsCheckedAfterTheTimes) {
    auto by = policy();
    by.maxLifetime = std::chrono::seconds(60);
    by.tenant = "t1";
    BOOST_TEST(outcome(TokenRecipe(now).claim("exp", seconds(0)).claim("iat", "1"), by) == "expired");
    BOOST_TEST(outcome(TokenRecipe(now).claim("iat", seconds(1)), by) == "issued_in_future");
    BOOST_TEST(outcome(TokenRecipe(now), by) == "lifetime_too_long");
    BOOST_TEST(outcome(TokenRecipe(now).claim("exp", seconds(60)), by) == "claim_missing tid");
}

BOOST_AUTO_TEST_CASE(theTenantIsCheckedWhereOneIsSet) {
    auto tenanted = policy();
    tenanted.tenant = "t1";
    BOOST_TEST(outcome(TokenRecipe(now), tenanted) == "claim_missing tid");
    BOOST_TEST(outcome(TokenRecipe(now).claim("tid", R"("t2")"), tenanted) == "claim_unexpected tid");
    BOOST_TEST(outcome(TokenRecipe(now).claim("tid", R"(["t1"])"), tenanted) == "claim_unexpected tid");
    BOOST_TEST(outcome(TokenRecipe(now).claim("tid", R"("t1")"), tenanted) == "accepted");
    BOOST_TEST(with("tid", R"("anything")") == "accepted");
}

BOOST_AUTO_TEST_CASE(onlyAccessTokensForBearersPass) {
    BOOST_TEST(with("tty", R"("at")") == "accepted");
    for (const char* kind : {R"("idt")", R"("AT")", "null", "1"})
        BOOST_TEST(with("tty", kind) == "claim_unexpected tty");
    for (const char* mark : {"at_hash", "c_hash", "nonce", "cnf"}) {
        BOOST_TEST(with(mark, R"("x")") == "claim_unexpected " + std::string(mark));
        BOOST_TEST(with(mark, "null") == "claim_unexpected " + std::string(mark));
    }
}

// RFC 9449 section 6.1, RFC 8705 section 3.1: a demand that nobody would check is not passed over.
BOOST_AUTO_TEST_CASE(aBoundTokenPassesWhereItsBindingIsChecked) {
    const std::string digest = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    const auto bound = TokenRecipe(now).claim("cnf", R"({"jkt":")" + digest + R"("})");
    const auto certified = TokenRecipe(now).claim("cnf", R"({"x5t#S256":")" + digest + R"("})");
    const auto both =
        TokenRecipe(now).claim("cnf", R"({"x5t#S256":")" + digest + R"(","jkt":")" + digest + R"("})");
    for (const auto profile : {TokenProfile::fusionAuth, TokenProfile::generic}) {
        auto by = policy();
        by.profile = profile;
        for (const auto& recipe : {bound, certified, both})
            BOOST_TEST(outcome(recipe, by) == "claim_unexpected cnf");
        by.dpop = DpopUse::allow;
        BOOST_TEST(outcome(TokenRecipe(now), by) == "accepted");
        BOOST_TEST(outcome(bound, by) == "accepted");
        BOOST_TEST(outcome(certified, by) == "claim_unexpected cnf");
        BOOST_TEST(outcome(both, by) == "claim_unexpected cnf");
        by.dpop = DpopUse::require;
        BOOST_TEST(outcome(TokenRecipe(now), by) == "dpop_required");
        BOOST_TEST(outcome(bound, by) == "accepted");
        by.acceptsCertificateBound = true;
        BOOST_TEST(outcome(certified, by) == "dpop_required");
        BOOST_TEST(outcome(both, by) == "accepted");
        by.dpop = DpopUse::off;
        BOOST_TEST(outcome(certified, by) == "accepted");
        BOOST_TEST(outcome(both, by) == "claim_unexpected cnf");
    }
    auto by = policy();
    by.dpop = DpopUse::allow;
    const auto checked = check(bound, by);
    const auto& confirmation = std::get<VerifiedToken>(checked).principal.confirmation;
    BOOST_TEST(confirmation.keyThumbprint == digest);
    BOOST_TEST(confirmation.certificateThumbprint.empty());
}

BOOST_AUTO_TEST_CASE(rolesAreAnArrayOfStrings) {
    const auto rolesOf = [](const std::string& json) {
        return std::get<VerifiedToken>(check(TokenRecipe(now).claim("roles", json))).principal.roles;
    };
    BOOST_TEST(rolesOf(R"(["teller","x"])") == (std::vector<std::string>{"teller", "x"}),
               boost::test_tools::per_element());
    BOOST_TEST(rolesOf(R"(["teller",1,null])") == std::vector<std::string>{"teller"},
               boost::test_tools::per_element());
    for (const char* roles : {"[]", "null", "{}", "1", R"("teller")", R"([["teller"]])"})
        BOOST_TEST(rolesOf(roles).empty());
    BOOST_TEST(std::get<VerifiedToken>(check(TokenRecipe(now).without("roles"))).principal.roles.empty());
    Principal teller;
    teller.roles = {"teller"};
    BOOST_TEST(teller.hasAnyOf({"customer", "teller"}));
    for (const char* role : {"Teller", "teller ", "tell", "tellers", ""})
        BOOST_TEST(!teller.hasAnyOf({role}));
    BOOST_TEST(!teller.hasAnyOf({}));
}

// resource-server order: presence, iss, aud, iat, nbf, exp; the first fault is the one reported.
BOOST_AUTO_TEST_CASE(theFirstFaultIsReported) {
    const auto bad = TokenRecipe(now)
                         .claim("iss", "1")
                         .claim("aud", "1")
                         .claim("iat", "null")
                         .claim("nbf", "null")
                         .claim("exp", "0")
                         .claim("tty", "1");
    auto recipe = bad;
    BOOST_TEST(outcome(TokenRecipe(bad).without("aud")) == "claim_missing aud");
    BOOST_TEST(outcome(TokenRecipe(bad).without("exp")) == "claim_missing exp");
    BOOST_TEST(outcome(recipe) == "claim_unexpected iss");
    recipe.claim("iss", quoteJson(TokenRecipe::issuer));
    BOOST_TEST(outcome(recipe) == "claim_unexpected aud");
    recipe.claim("aud", quoteJson(TokenRecipe::audience));
    BOOST_TEST(outcome(recipe) == "claim_not_number iat");
    recipe.claim("iat", seconds(5));
    BOOST_TEST(outcome(recipe) == "claim_not_number nbf");
    recipe.claim("nbf", seconds(5));
    BOOST_TEST(outcome(recipe) == "claim_timestamp_failed nbf");
    recipe.claim("nbf", seconds(0));
    BOOST_TEST(outcome(recipe) == "expired");
    recipe.claim("exp", seconds(5));
    BOOST_TEST(outcome(recipe) == "issued_in_future");
    recipe.claim("iat", seconds(0));
    BOOST_TEST(outcome(recipe) == "claim_unexpected tty");
}

BOOST_AUTO_TEST_CASE(rolesComeFromTheClaimsOfThePolicy) {
    using Names = std::vector<std::string>;
    auto by = policy();
    const auto rolesOf = [&by](const TokenRecipe& recipe) {
        return std::get<VerifiedToken>(check(recipe, by)).principal.roles;
    };
    const auto keycloak = TokenRecipe(now).without("roles").claim("realm_access", R"({"roles":["teller"]})");
    BOOST_TEST(rolesOf(keycloak).empty());
    by.claims.roles = {*ClaimPath::parse("realm_access.roles"), ClaimPath("scope")};
    BOOST_TEST((rolesOf(keycloak) == Names{"teller"}));
    BOOST_TEST((rolesOf(TokenRecipe(keycloak).claim("scope", R"("a b")")) == Names{"teller", "a", "b"}));
    // Only the claim of FusionAuth must be an array, and only with its profile.
    by.claims.roles = {ClaimPath("roles")};
    const auto words = TokenRecipe(now).claim("roles", R"("teller customer")");
    BOOST_TEST(rolesOf(words).empty());
    by.profile = TokenProfile::generic;
    BOOST_TEST((rolesOf(words) == Names{"teller", "customer"}));
}

BOOST_AUTO_TEST_CASE(aMapOfRolesCountsAlone) {
    using Names = std::vector<std::string>;
    auto by = policy();
    by.claims.roles = {ClaimPath("groups")};
    by.claims.roleMap = {{"bank", "teller"}, {"bank", "customer"}, {"other", "auditor"}};
    const auto rolesOf = [&by](const char* groups) {
        return std::get<VerifiedToken>(check(TokenRecipe(now).claim("groups", groups), by)).principal.roles;
    };
    BOOST_TEST((rolesOf(R"(["bank"])") == Names{"teller", "customer"}));
    BOOST_TEST(rolesOf(R"(["teller","Bank","bank "])").empty());
}

BOOST_AUTO_TEST_CASE(thePrincipalHasWhatRulesAskFor) {
    using Names = std::vector<std::string>;
    const auto recipe = TokenRecipe(now)
                            .claim("scope", R"("change:make panic")")
                            .claim("permissions", R"(["vault"])")
                            .claim("auth_time", seconds(-30))
                            .claim("acr", R"("urn:mfa")");
    const auto principal = std::get<VerifiedToken>(check(recipe)).principal;
    BOOST_TEST(principal.issuer == TokenRecipe::issuer);
    BOOST_TEST((principal.scopes == Names{"change:make", "panic"}));
    BOOST_TEST((principal.permissions == Names{"vault"}));
    BOOST_TEST(principal.authenticatedAt.value() == static_cast<double>(now - 30));
    BOOST_TEST(principal.authenticationClass == "urn:mfa");
    auto by = policy();
    by.claims.scopes = ClaimPath("scp");
    BOOST_TEST(
        (std::get<VerifiedToken>(check(TokenRecipe(now).claim("scp", R"(["a"])"), by)).principal.scopes ==
         Names{"a"}));
    for (const char* other : {R"("1790000000")", "null", "[]"}) {
        const auto checked = check(TokenRecipe(now).claim("auth_time", other));
        BOOST_TEST(!std::get<VerifiedToken>(checked).principal.authenticatedAt.has_value(), other);
    }
}

BOOST_AUTO_TEST_CASE(thePrincipalKnowsUntilWhenItIsAccepted) {
    auto by = policy();
    const auto until = [&](const TokenRecipe& recipe) {
        return std::get<VerifiedToken>(check(recipe, by)).principal.acceptedUntil;
    };
    BOOST_TEST(until(TokenRecipe(now).claim("exp", seconds(60))).value() == static_cast<double>(now + 60));
    by.leeway = std::chrono::seconds(30);
    BOOST_TEST(until(TokenRecipe(now).claim("exp", seconds(-10))).value() == static_cast<double>(now + 20));
    by.requireExpiration = false;
    BOOST_TEST(!until(TokenRecipe(now).without("exp")).has_value());
}

BOOST_AUTO_TEST_CASE(theAudienceMayBeInAnotherClaim) {
    auto by = policy();
    by.profile = TokenProfile::generic;
    by.claims.audience = ClaimPath("client_id");
    const auto cognito = TokenRecipe(now).without("aud").without("tty").claim("token_use", R"("access")");
    BOOST_TEST(outcome(cognito, by) == "claim_missing client_id");
    BOOST_TEST(outcome(TokenRecipe(cognito).claim("client_id", R"("x")"), by) ==
               "claim_unexpected client_id");
    BOOST_TEST(outcome(TokenRecipe(cognito).claim("client_id", R"("another")"), by) == "accepted");
    BOOST_TEST(outcome(TokenRecipe(cognito).claim("client_id", R"("another")").claim("token_use", R"("id")"),
                       by) == "claim_unexpected token_use");
}

BOOST_AUTO_TEST_CASE(theProfileOfRfc9068WantsItsTypeAndItsClaims) {
    auto by = policy();
    by.profile = TokenProfile::rfc9068;
    by.requireExpiration = false;
    const auto whole = TokenRecipe(now)
                           .header("typ", R"("at+jwt")")
                           .claim("client_id", R"("c")")
                           .claim("jti", R"("j")")
                           .claim("nonce", R"("n")");
    BOOST_TEST(outcome(whole, by) == "accepted");
    BOOST_TEST(outcome(TokenRecipe(whole).header("typ", R"("application/AT+JWT")"), by) == "accepted");
    BOOST_TEST(outcome(TokenRecipe(whole).header("typ", R"("JWT")"), by) == "type_unexpected");
    BOOST_TEST(outcome(TokenRecipe(whole).withoutHeader("typ"), by) == "type_unexpected");
    for (const char* required : {"exp", "sub", "client_id", "iat", "jti"})
        BOOST_TEST(outcome(TokenRecipe(whole).without(required), by) ==
                   "claim_missing " + std::string(required));
    BOOST_TEST(outcome(TokenRecipe(whole).claim("cnf", "{}"), by) == "claim_unexpected cnf");
}

BOOST_AUTO_TEST_CASE(theGenericProfileRefusesTheOtherTokensOfItsIssuers) {
    auto by = policy();
    by.profile = TokenProfile::generic;
    const auto generic = [&by](const char* claim, const char* json) {
        return outcome(TokenRecipe(now).claim(claim, json), by);
    };
    BOOST_TEST(generic("nonce", R"("n")") == "accepted");
    BOOST_TEST(generic("tty", R"("x")") == "accepted");
    BOOST_TEST(generic("typ", R"("Bearer")") == "accepted");
    for (const char* kind : {R"("ID")", R"("Refresh")", R"("Offline")", R"("Logout")", "null"})
        BOOST_TEST(generic("typ", kind) == "claim_unexpected typ", kind);
    for (const char* mark : {"at_hash", "c_hash", "events", "cnf"})
        BOOST_TEST(generic(mark, "{}") == "claim_unexpected " + std::string(mark));
    BOOST_TEST(outcome(TokenRecipe(now).header("typ", R"("logout+jwt")"), by) == "type_unexpected");
}

BOOST_AUTO_TEST_CASE(aWordInANameIsNoRole) {
    auto by = policy();
    by.profile = TokenProfile::generic;
    by.claims.roles = {ClaimPath("sub"), ClaimPath("department"), ClaimPath("scope")};
    const auto rolesOf = [&by](const char* claim, const char* value) {
        const auto recipe = TokenRecipe(now).claim(claim, value);
        return std::get<VerifiedToken>(check(recipe, by)).principal.roles;
    };
    using Names = std::vector<std::string>;
    // A subject is one name, with a map or without.
    BOOST_TEST((rolesOf("sub", R"("mallory teller")") == Names{"mallory teller"}));
    by.claims.roleMap = {{"alice", "teller"}, {"Main Office", "customer"}, {"change:make", "customer"}};
    BOOST_TEST(rolesOf("sub", R"("mallory alice")").empty());
    BOOST_TEST((rolesOf("sub", R"("alice")") == Names{"teller"}));
    // So is every string with a map, but for lists of words.
    BOOST_TEST(rolesOf("department", R"("x alice")").empty());
    BOOST_TEST((rolesOf("department", R"("Main Office")") == Names{"customer"}));
    BOOST_TEST((rolesOf("scope", R"("openid change:make")") == Names{"customer"}));
}

BOOST_AUTO_TEST_CASE(theNamesOfRfc9068AreNotEmpty) {
    auto by = policy();
    by.profile = TokenProfile::rfc9068;
    const auto whole =
        TokenRecipe(now).header("typ", R"("at+jwt")").claim("client_id", R"("c")").claim("jti", R"("j")");
    for (const char* name : {"client_id", "jti", "sub"}) {
        for (const char* value : {"null", "[]", R"("")", "1"})
            BOOST_TEST(outcome(TokenRecipe(whole).claim(name, value), by) ==
                       "claim_unexpected " + std::string(name));
    }
}

BOOST_AUTO_TEST_CASE(aRefusalSaysWhatWasExpectedAndFound) {
    const auto evidence = [](const TokenRecipe& recipe, const TokenPolicy& by = policy()) {
        const auto refusal = std::get<Refusal>(check(recipe, by));
        return refusal.expected + " / " + refusal.found;
    };
    const auto claim = [&](const std::string& name, const std::string& json) {
        return evidence(TokenRecipe(now).claim(name, json));
    };
    const std::string issuer = TokenRecipe::issuer;
    const std::string audience = TokenRecipe::audience;
    BOOST_TEST(claim("iss", R"("https:\/\/else\n")") == issuer + " / https://else\n");
    BOOST_TEST(claim("iss", "[1]") == issuer + " / [1]");
    BOOST_TEST(claim("aud", R"(["x","y"])") == audience + ", another / [\"x\",\"y\"]");
    BOOST_TEST(claim("exp", seconds(-42)) == "a time after now / 42 s ago");
    BOOST_TEST(claim("nbf", seconds(7)) == "a time up to now / in 7 s");
    BOOST_TEST(claim("iat", seconds(9)) == "a time up to now / in 9 s");
    BOOST_TEST(claim("iat", R"("soon")") == "seconds since 1970 / soon");
    BOOST_TEST(claim("tty", R"("id")") == "at / id");
    // A nonce is nobody's business.
    BOOST_TEST(claim("nonce", R"("secret")") == "no such claim / one");
    BOOST_TEST(evidence(TokenRecipe(now).header("typ", R"("dpop+jwt")")) == "JWT or at+jwt / dpop+jwt");
    auto by = policy();
    by.tenant = "t";
    BOOST_TEST(evidence(TokenRecipe(now).claim("tid", R"("u")"), by) == "t / u");
    by = policy();
    by.leeway = std::chrono::seconds(5);
    BOOST_TEST(evidence(TokenRecipe(now).claim("exp", seconds(-42)), by) ==
               "a time after now with a leeway of 5 s / 42 s ago");
    by = policy();
    by.maxLifetime = std::chrono::seconds(60);
    BOOST_TEST(evidence(TokenRecipe(now).claim("iat", seconds(-1)).claim("exp", seconds(100)), by) ==
               "at most 60 s / 101 s");
    BOOST_TEST(evidence(TokenRecipe(now).without("iat"), by) == "at most 60 s / no end, or no beginning");
    const auto longest =
        std::get<Refusal>(check(TokenRecipe(now).claim("iss", "\"" + std::string(9'000, 'i') + "\"")));
    BOOST_TEST(longest.found.size() == Refusal::maxEvidence);
}

BOOST_AUTO_TEST_SUITE_END()
