#include "changebank/kickstart/oauth/TokenGrants.h"

#include "tests/unit/kickstart/ProofFixture.h"

using namespace changebank;
using security::Algorithm;
using security::KeyFamily;
using tests::TestKey;

namespace {

/// Tokens that are bound to the key of a DPoP proof (RFC 9449 sections 5, 6 and 10).
struct Fixture : tests::ProofFixture {
    void change(const std::string& application) {
        BOOST_REQUIRE_EQUAL(call("PATCH", std::string("/api/application/") + applicationId,
                                 R"({"application":)" + application + "}")
                                .status,
                            200);
    }

    std::string boundRefreshToken() { return memberOf(exchangeWith({proof()}, code()), "refresh_token"); }

    const TestKey other = TestKey::generate(KeyFamily::p256);
    const std::string needsKey = "400 invalid_grant/unknown";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(BoundTokensTest, Fixture)

BOOST_AUTO_TEST_CASE(AProofBindsTheAccessToken) {
    const auto tokens = exchangeWith({proof()}, code());
    BOOST_TEST(memberOf(tokens, "token_type") == "DPoP");
    BOOST_TEST(confirmationOf(tokens) == confirmation);
    BOOST_TEST(!claimsOf(memberOf(tokens, "id_token")).find("cnf"));
}

BOOST_AUTO_TEST_CASE(WithoutAProofNothingIsBound) {
    const auto tokens = exchange(code());
    BOOST_TEST(memberOf(tokens, "token_type") == "Bearer");
    BOOST_TEST(confirmationOf(tokens) == "");
    const auto again = refresh(memberOf(tokens, "refresh_token"));
    BOOST_TEST(memberOf(again, "token_type") == "Bearer");
    BOOST_TEST(confirmationOf(again) == "");
}

BOOST_AUTO_TEST_CASE(ABoundRefreshTokenNeedsItsKey) {
    const auto refreshToken = boundRefreshToken();
    BOOST_TEST(errorOf(refresh(refreshToken)) == needsKey);
    BOOST_TEST(errorOf(refreshWith({proofOf(other)}, refreshToken)) == needsKey);
    const auto tokens = refreshWith({proof()}, refreshToken);
    BOOST_TEST(memberOf(tokens, "token_type") == "DPoP");
    BOOST_TEST(confirmationOf(tokens) == confirmation);
}

BOOST_AUTO_TEST_CASE(ARefreshTokenForOneUseStaysBound) {
    change(R"({"jwtConfiguration":{"refreshTokenUsagePolicy":"OneTimeUse","accessTokenKeyId":")" +
           std::string(keyId) + R"(","idTokenKeyId":")" + keyId + R"(","enabled":true}})");
    const auto first = boundRefreshToken();
    // A try without the key does not use it up.
    BOOST_TEST(errorOf(refresh(first)) == needsKey);
    const auto second = memberOf(refreshWith({proof()}, first), "refresh_token");
    BOOST_TEST(second != first);
    BOOST_TEST(errorOf(refresh(second)) == needsKey);
    BOOST_TEST(refreshWith({proof()}, second).status == 200);
}

BOOST_AUTO_TEST_CASE(AnUnboundRefreshTokenYieldsBoundAccessTokensAndStaysUnbound) {
    const auto refreshToken = memberOf(exchange(code()), "refresh_token");
    const auto tokens = refreshWith({proof()}, refreshToken);
    BOOST_TEST(memberOf(tokens, "token_type") == "DPoP");
    BOOST_TEST(confirmationOf(tokens) == confirmation);
    BOOST_TEST(refresh(memberOf(tokens, "refresh_token")).status == 200);
}

BOOST_AUTO_TEST_CASE(WhereNoProofIsTakenABoundRefreshTokenIsRefused) {
    change(R"({"loginConfiguration":{"allowTokenRefresh":true}})");
    const auto body = [](const std::string& token) { return R"({"refreshToken":")" + token + R"("})"; };
    const auto unbound = memberOf(exchange(code()), "refresh_token");
    BOOST_TEST(callOpenly("POST", "/api/jwt/refresh", body(unbound)).status == 200);
    const auto bound = boundRefreshToken();
    BOOST_TEST(onlyCode(callOpenly("POST", "/api/jwt/refresh", body(bound))) == "[invalid]refreshToken");

    cookies["app.rt"] = unbound;
    BOOST_TEST(post(std::string("/app/refresh/") + applicationId, {}).status == 200);
    cookies["app.rt"] = bound;
    BOOST_TEST(errorOf(post(std::string("/app/refresh/") + applicationId, {})) == needsKey);
}

BOOST_AUTO_TEST_CASE(ACodeMayBeBoundToTheKey) {
    const Fields bound{{"dpop_jkt", tests::ProofRecipe::thumbprintOf(key)}};
    BOOST_TEST(exchangeWith({proof()}, code(bound)).status == 200);
    BOOST_TEST(errorOf(exchange(code(bound))) == needsKey);
    BOOST_TEST(errorOf(exchangeWith({proofOf(other)}, code(bound))) == needsKey);
    BOOST_TEST(redirected(authorize({{"dpop_jkt", "x"}})).text("error") == "invalid_request");
}

// FusionAuth documents no proof here; the check is the API's.
BOOST_AUTO_TEST_CASE(ABoundTokenIsABearerTokenForOurOwnEndpoints) {
    const auto token = memberOf(exchangeWith({proof()}, code()), "access_token");
    auto request = requestOf("GET", "/oauth2/userinfo");
    request.authorization = "Bearer " + token;
    BOOST_TEST(provider.oauth().handle(request).status == 200);
    cookies["app.at"] = token;
    BOOST_TEST(get("/app/me").status == 200);
    const auto valid = callAs(token, "GET", "/api/jwt/validate");
    BOOST_REQUIRE_EQUAL(valid.status, 200);
    BOOST_TEST(valid.body->find("jwt")->find("cnf")->toText() == confirmation);
}

BOOST_AUTO_TEST_CASE(TheLoginApiBindsNothing) {
    const auto token = textAt(loggedIn(), "token");
    BOOST_TEST(!claimsOf(token).find("cnf"));
}

BOOST_AUTO_TEST_CASE(TheAlgorithmsOfProofsArePublished) {
    const auto configuration = callOpenly("GET", "/.well-known/openid-configuration");
    BOOST_TEST(textAt(*configuration.body, "dpop_signing_alg_values_supported") ==
               R"(["RS256","RS384","RS512","PS256","PS384","PS512","ES256","ES384","ES512","Ed25519"])");
}

BOOST_AUTO_TEST_SUITE_END()
