#include "changebank/kickstart/oauth/OAuthEndpoints.h"

#include <Poco/Base64Encoder.h>
#include <openssl/hmac.h>

#include <sstream>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/base/text/Base64Url.h"
#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

constexpr const char* otherId = "00000000-0000-0000-0000-0000000000aa";

std::string basic(const std::string& credentials) {
    std::ostringstream text;
    Poco::Base64Encoder(text) << credentials;
    return "Basic " + text.str();
}

struct Fixture : tests::OAuthFixture {
    Fixture() { createTellerOf(wholeConfiguration); }

    void createTellerOf(const std::string& configuration) {
        createOAuthApplication(configuration);
        createTeller();
    }

    void createOther() { createOAuthApplication(wholeConfiguration, otherId); }

    /// Sends an exchange of that code with a header Authorization instead of the secret's field.
    kickstart::WebResponse exchangeWithHeader(const std::string& authorization, const Fields& changes = {}) {
        auto request = requestOf("POST", "/oauth2/token");
        request.authorization = authorization;
        request.form = form(changed({{"grant_type", "authorization_code"},
                                     {"code", code()},
                                     {"redirect_uri", redirectUri},
                                     {"code_verifier", verifier}},
                                    changes));
        return provider.oauth().handle(request);
    }
};

/// The same with another application.
struct BareFixture : tests::OAuthFixture {
    /// An application that differs from the usual one.
    void createWith(const std::string& more) {
        createOAuthApplication(R"("authorizedRedirectURLs":["http://localhost:3000"],)"
                               R"("clientSecret":"the-secret-of-the-client",)" +
                               more);
        createTeller();
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(TokenEndpointTest)

BOOST_FIXTURE_TEST_CASE(ACodeIsGoodOnceAndItsReuseRevokesWhatItGave, Fixture) {
    const auto once = code();
    const auto refreshToken = memberOf(exchange(once), "refresh_token");
    BOOST_TEST(refresh(refreshToken).status == 200);
    BOOST_TEST(errorOf(exchange(once)) == "400 invalid_grant/auth_code_not_found");
    BOOST_TEST(errorOf(refresh(refreshToken)) == "400 invalid_grant/refresh_token_not_found");
}

BOOST_FIXTURE_TEST_CASE(ACodeIsBoundToItsClientUrlAndProofKey, Fixture) {
    createOther();
    struct Case {
        Fields changes;
        const char* error;
    };
    const std::vector<Case> cases{
        {{{"client_id", otherId}}, "400 invalid_grant/client_id_mismatch"},
        {{{"redirect_uri", "https://app.example.com/cb?a=b"}}, "400 invalid_grant/invalid_redirect_uri"},
        {{{"redirect_uri", "http://localhost:3000/"}}, "400 invalid_grant/invalid_redirect_uri"},
        {{{"code_verifier", ""}}, "400 invalid_request/missing_code_verifier"},
        {{{"code_verifier", challenge}}, "400 invalid_grant/invalid_pkce_code_verifier"},
        {{{"code_verifier", std::string(43, 'a')}}, "400 invalid_grant/invalid_pkce_code_verifier"},
        {{{"code", "x"}}, "400 invalid_grant/auth_code_not_found"},
        {{{"code", ""}}, "400 invalid_request/missing_code"},
        {{{"redirect_uri", ""}}, "400 invalid_request/missing_redirect_uri"},
        {{{"grant_type", ""}}, "400 invalid_request/missing_grant_type"},
        {{{"grant_type", "magic"}}, "400 unauthorized_client/grant_type_disabled"},
        {{{"client_id", ""}}, "400 invalid_request/missing_client_id"},
        {{{"client_id", "x"}}, "401 invalid_client/invalid_client_id"},
        {{{"client_secret", "x"}}, "401 invalid_client/invalid_client_authentication"},
        {{{"client_secret", ""}}, "401 invalid_client/client_authentication_missing"},
    };
    for (const auto& [changes, error] : cases) {
        BOOST_TEST(errorOf(exchange(code(), changes)) == error);
    }
}

// A failed attempt uses up a stolen code.
BOOST_FIXTURE_TEST_CASE(AWrongTryUsesTheCodeUp, Fixture) {
    const auto stolen = code();
    BOOST_TEST(exchange(stolen, {{"code_verifier", std::string(43, 'a')}}).status == 400);
    BOOST_TEST(errorOf(exchange(stolen)) == "400 invalid_grant/auth_code_not_found");
}

BOOST_FIXTURE_TEST_CASE(ACodeExpires, Fixture) {
    const auto late = code();
    clock.advance(std::chrono::seconds(30));
    BOOST_TEST(errorOf(exchange(late)) == "400 invalid_grant/auth_code_not_found");
}

BOOST_FIXTURE_TEST_CASE(ACodeOfAUserWhoHasGoneIsOfNoUse, Fixture) {
    const auto orphan = code();
    provider.directory().change([](kickstart::DirectoryState& state) { state.users.clear(); });
    BOOST_TEST(errorOf(exchange(orphan)) == "400 invalid_grant/user_not_found");
}

BOOST_FIXTURE_TEST_CASE(ACodeOfAUserWhoWasDeactivatedIsOfNoUse, Fixture) {
    const auto orphan = code();
    provider.directory().change([](kickstart::DirectoryState& state) {
        for (auto& entry : state.users)
            entry.second.active = false;
    });
    BOOST_TEST(errorOf(exchange(orphan)) == "400 invalid_grant/user_not_found");
}

BOOST_FIXTURE_TEST_CASE(ClientsAuthenticateByHeaderToo, Fixture) {
    const std::string id = applicationId;
    BOOST_TEST(exchangeWithHeader(basic(id + ":" + clientSecret)).status == 200);
    BOOST_TEST(exchangeWithHeader(basic(id + ":the%2Dsecret%2Dof%2Dthe%2Dclient")).status == 200);
    BOOST_TEST(exchangeWithHeader(basic(id + ":" + clientSecret), {{"client_id", id}}).status == 200);
    const auto wrong = exchangeWithHeader(basic(id + ":wrong"));
    BOOST_TEST(errorOf(wrong) == "401 invalid_client/invalid_client_authentication");
    BOOST_TEST(wrong.header("WWW-Authenticate") == R"(Basic realm="kickstartd")");
    BOOST_TEST(errorOf(exchangeWithHeader(basic(id + ":" + clientSecret), {{"client_id", otherId}})) ==
               "400 invalid_request/client_id_mismatch");
    BOOST_TEST(
        errorOf(exchangeWithHeader(basic(id + ":" + clientSecret), {{"client_secret", clientSecret}})) ==
        "400 invalid_request/invalid_client_authentication");
    BOOST_TEST(errorOf(exchangeWithHeader("Bearer x")) ==
               "401 invalid_client/invalid_client_authentication_scheme");
    for (const char* broken : {"Basic", "Basic ", "Basic !", "Basic eA=="}) {
        BOOST_TEST(exchangeWithHeader(broken).status >= 400, broken);
    }
}

BOOST_FIXTURE_TEST_CASE(ARepeatedParameterIsRefused, Fixture) {
    auto request = requestOf("POST", "/oauth2/token");
    request.form = *kickstart::FormData::parse("grant_type=authorization_code&code=a&code=b");
    BOOST_TEST(errorOf(provider.oauth().handle(request)) == "400 invalid_request/unknown");
}

BOOST_FIXTURE_TEST_CASE(GrantsThatAreNotEnabledAreRefused, Fixture) {
    BOOST_TEST(errorOf(exchange("x", {{"grant_type", "password"}})) ==
               "400 unauthorized_client/grant_type_disabled");
}

BOOST_FIXTURE_TEST_CASE(GrantsThatAreEnabledButNotServedAreRefused, BareFixture) {
    createWith(
        R"("enabledGrants":["implicit","client_credentials","urn:ietf:params:oauth:grant-type:device_code"])");
    for (const char* grant :
         {"implicit", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"}) {
        BOOST_TEST(errorOf(exchange("x", {{"grant_type", grant}})) ==
                       "400 unsupported_grant_type/invalid_grant_type",
                   grant);
    }
    BOOST_TEST(redirected(authorize({{"response_type", "token"}})).text("error") ==
               "unsupported_response_type");
}

BOOST_FIXTURE_TEST_CASE(WithoutAnyGrantNothingIsGiven, BareFixture) {
    createWith(R"("enabledGrants":[])");
    BOOST_TEST(redirected(authorize()).text("error_reason") == "grant_type_disabled");
    for (const char* grant : {"authorization_code", "refresh_token"}) {
        BOOST_TEST(
            errorOf(exchange("x", {{"grant_type", grant}})) == "400 unauthorized_client/grant_type_disabled",
            grant);
    }
}

BOOST_FIXTURE_TEST_CASE(ARefreshTokenIsBoundToItsClient, Fixture) {
    createOther();
    const auto refreshToken = memberOf(exchange(code()), "refresh_token");
    BOOST_TEST(errorOf(refresh(refreshToken, {{"client_id", otherId}})) ==
               "400 invalid_grant/refresh_token_not_found");
    BOOST_TEST(errorOf(refresh("")) == "400 invalid_request/missing_refresh_token");
    BOOST_TEST(refresh(refreshToken).status == 200);
}

BOOST_FIXTURE_TEST_CASE(ARefreshYieldsNewTokensOfTheSameLogin, Fixture) {
    const auto first = exchange(code());
    clock.advance(std::chrono::seconds(100));
    const auto second = refresh(memberOf(first, "refresh_token"));
    BOOST_TEST(memberOf(second, "refresh_token") == memberOf(first, "refresh_token"));
    BOOST_TEST(memberOf(second, "refresh_token_id") == memberOf(first, "refresh_token_id"));
    const auto claims = claimsOf(memberOf(second, "access_token"));
    BOOST_TEST(claims.find("iat")->number()->text == "1790000100");
    BOOST_TEST(claims.find("auth_time")->number()->text == "1790000000");
    BOOST_TEST(*claims.find("sid")->string() == memberOf(first, "refresh_token_id"));
    BOOST_TEST(!memberOf(second, "id_token").empty());
}

BOOST_FIXTURE_TEST_CASE(ARefreshMayNarrowButNotWiden, Fixture) {
    const auto refreshToken = memberOf(exchange(code()), "refresh_token");
    const auto narrow = refresh(refreshToken, {{"scope", "offline_access"}});
    BOOST_TEST(memberOf(narrow, "scope") == "offline_access");
    BOOST_TEST(memberOf(narrow, "id_token").empty());
    BOOST_TEST(memberOf(refresh(refreshToken), "scope") == "openid offline_access");
    for (const char* scope : {"openid email", "nonsense"}) {
        BOOST_TEST(errorOf(refresh(refreshToken, {{"scope", scope}})) == "400 invalid_scope/unknown_scope",
                   scope);
    }
}

BOOST_FIXTURE_TEST_CASE(WithoutOfflineAccessThereIsNoRefreshToken, Fixture) {
    const auto tokens = exchange(code({{"scope", "openid"}}));
    BOOST_TEST(memberOf(tokens, "refresh_token").empty());
    BOOST_TEST(!claimsOf(memberOf(tokens, "access_token")).find("sid"));
}

BOOST_FIXTURE_TEST_CASE(AnApplicationMayGiveOutNoRefreshTokens, BareFixture) {
    createWith(R"("enabledGrants":["authorization_code","refresh_token"],"generateRefreshTokens":false)");
    BOOST_TEST(memberOf(exchange(code()), "refresh_token").empty());
}

BOOST_FIXTURE_TEST_CASE(APublicClientUsesItsProofKeyInstead, BareFixture) {
    createWith(R"("enabledGrants":["authorization_code","refresh_token"],)"
               R"("clientAuthenticationPolicy":"NotRequiredWhenUsingPKCE")");
    const auto tokens = exchange(code(), {{"client_secret", ""}});
    BOOST_TEST(tokens.status == 200);
    BOOST_TEST(refresh(memberOf(tokens, "refresh_token"), {{"client_secret", ""}}).status == 200);
    const Fields bare{{"code_challenge", ""}, {"code_challenge_method", ""}};
    BOOST_TEST(errorOf(exchange(code(bare), {{"client_secret", ""}, {"code_verifier", ""}})) ==
               "401 invalid_client/client_authentication_missing");
    // A verifier does not help where the code has no challenge.
    BOOST_TEST(errorOf(exchange(code(bare), {{"client_secret", ""}})) ==
               "400 invalid_grant/invalid_pkce_code_verifier");
    BOOST_TEST(exchange(code(bare), {{"code_verifier", ""}}).status == 200);
}

BOOST_FIXTURE_TEST_CASE(AClientMayChooseBetweenSecretAndProofKey, BareFixture) {
    createWith(R"("enabledGrants":["authorization_code"],"clientAuthenticationPolicy":"NotRequired",)"
               R"("proofKeyForCodeExchangePolicy":"NotRequiredWhenUsingClientAuthentication")");
    const Fields bare{{"code_challenge", ""}, {"code_challenge_method", ""}};
    BOOST_TEST(exchange(code(bare), {{"code_verifier", ""}}).status == 200);
    BOOST_TEST(errorOf(exchange(code(bare), {{"code_verifier", ""}, {"client_secret", ""}})) ==
               "400 invalid_request/missing_code_verifier");
    BOOST_TEST(exchange(code(), {{"client_secret", ""}}).status == 200);
}

// FusionAuth's built-in keys, for id tokens alone.
BOOST_FIXTURE_TEST_CASE(AnIdTokenMayBeSignedWithTheClientSecret, Fixture) {
    const auto change = [this](const char* member) {
        return call("PATCH", std::string("/api/application/") + applicationId,
                    R"({"application":{"jwtConfiguration":{")" + std::string(member) +
                        R"(":"092dbedc-30af-4149-9c61-b578f2c72f59"}}})");
    };
    BOOST_TEST(onlyCode(change("accessTokenKeyId")) ==
               "[invalid]application.jwtConfiguration.accessTokenKeyId");
    BOOST_REQUIRE_EQUAL(change("idTokenKeyId").status, 200);
    const auto token = memberOf(exchange(code({{"scope", "openid"}})), "id_token");
    BOOST_TEST(decodeBase64Url(token.substr(0, token.find('.')))->find(R"("alg":"HS256")") !=
               std::string::npos);
    const auto signedText = token.substr(0, token.rfind('.'));
    std::string mac(SHA256_DIGEST_LENGTH, '\0');
    HMAC(EVP_sha256(), clientSecret, static_cast<int>(std::string(clientSecret).size()), asBytes(signedText),
         signedText.size(), reinterpret_cast<unsigned char*>(mac.data()), nullptr);
    BOOST_TEST(token.substr(signedText.size() + 1) == encodeBase64Url(mac));
}

BOOST_AUTO_TEST_SUITE_END()
