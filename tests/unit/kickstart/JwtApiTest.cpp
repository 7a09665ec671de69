#include "kickstart/JwtApi.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::ProviderFixture {
    static constexpr const char* secondId = "22222222-0000-0000-0000-000000000000";

    void set(const std::string& algorithm = "ES256") {
        createKey(algorithm);
        createApplication(R"({"generateRefreshTokens":true})");
        createTeller();
    }

    void createSecondApplication(const std::string& more = "") {
        BOOST_REQUIRE_EQUAL(
            call("POST", std::string("/api/application/") + secondId,
                 R"({"application":{"name":"Second","roles":[{"name":"guest"}])" + more + "}}")
                .status,
            200);
    }

    kickstart::ApiAnswer issue(const std::string& token,
                               std::multimap<std::string, std::string> parameters = {
                                   {"applicationId", secondId}}) {
        return callAs(token, "GET", "/api/jwt/issue", std::move(parameters));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(JwtApiTest, Fixture)

BOOST_AUTO_TEST_CASE(ATokenOfOursIsValidUntilItExpires) {
    set();
    const auto token = textAt(loggedIn(), "token");
    const auto answer = callAs(token, "GET", "/api/jwt/validate");
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    BOOST_TEST(textAt(*answer.body, "jwt", "sub") == tellerId);
    clock.advance(std::chrono::seconds(599));
    BOOST_TEST(callAs(token, "GET", "/api/jwt/validate").status == 200);
    clock.advance(std::chrono::seconds(1));
    const auto expired = callAs(token, "GET", "/api/jwt/validate");
    BOOST_TEST(expired.status == 401);
    BOOST_TEST(!expired.body);
}

BOOST_AUTO_TEST_CASE(EveryAlgorithmIsValidated) {
    for (const char* algorithm : {"RS256", "ES256", "ES384", "ES512", "HS256", "HS384", "HS512", "Ed25519"}) {
        const auto key = call("POST", "/api/key/generate",
                              R"({"key":{"name":"x","algorithm":")" + std::string(algorithm) + "\"}}");
        const auto vended =
            call("POST", "/api/jwt/vend",
                 R"({"claims":{"sub":"me"},"keyId":")" + textAt(*key.body, "key", "id") + "\"}");
        const auto token = textAt(*vended.body, "token");
        const auto answer = callAs(token, "GET", "/api/jwt/validate");
        BOOST_REQUIRE_EQUAL(answer.status, 200);
        BOOST_TEST(textAt(*answer.body, "jwt", "sub") == "me", algorithm);

        auto forged = token;
        auto& octet = forged[forged.rfind('.') + 5];
        octet = octet == 'A' ? 'B' : 'A';
        BOOST_TEST(callAs(forged, "GET", "/api/jwt/validate").status == 401, algorithm);
    }
}

BOOST_AUTO_TEST_CASE(NothingElseIsValid) {
    set();
    const auto token = textAt(loggedIn(), "token");
    for (const auto& other :
         {std::string(), std::string("x"), std::string("a.b.c"), token + ".", token + "A"}) {
        BOOST_TEST(callAs(other, "GET", "/api/jwt/validate").status == 401, other);
    }
    BOOST_TEST(callOpenly("GET", "/api/jwt/validate").status == 401);
    BOOST_TEST(call("GET", "/api/jwt/validate").status == 401);
}

BOOST_AUTO_TEST_CASE(TheCookieServesWhereThereIsNoHeader) {
    set();
    kickstart::ApiRequest request{"GET", "/api/jwt/validate", ""};
    request.cookies = {{"access_token", textAt(loggedIn(), "token")}};
    BOOST_TEST(provider.apis().answer(request).status == 200);
    request.apiKey = "Bearer nonsense";
    BOOST_TEST(provider.apis().answer(request).status == 401);
    request.apiKey = "jwt " + textAt(loggedIn(), "token");
    BOOST_TEST(provider.apis().answer(request).status == 200);
}

BOOST_AUTO_TEST_CASE(ATokenForAnotherApplicationEndsWithTheFirstOne) {
    set();
    createSecondApplication();
    const auto token = textAt(loggedIn(), "token");
    clock.advance(std::chrono::seconds(100));
    const auto unregistered = issue(token);
    BOOST_TEST(unregistered.status == 202);
    BOOST_REQUIRE_EQUAL(
        call("POST", std::string("/api/user/registration/") + tellerId,
             R"({"registration":{"roles":["guest"],"applicationId":")" + std::string(secondId) + "\"}}")
            .status,
        200);
    const auto answer = issue(token);
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(!answer.body->find("refreshToken"));
    const auto claims = *security::Json::parse(verified(textAt(*answer.body, "token")).payload);
    BOOST_TEST(textAt(claims, "aud") == secondId);
    BOOST_TEST(textAt(claims, "roles") == R"(["guest"])");
    BOOST_TEST(textAt(claims, "authenticationType") == "JWT_SSO");
    BOOST_TEST(textAt(claims, "iat") == "1790000100");
    BOOST_TEST(textAt(claims, "exp") == "1790000600");
    BOOST_TEST(textAt(claims, "auth_time") == "1790000000");
}

BOOST_AUTO_TEST_CASE(ARefreshTokenComesAlongIfBothApplicationsAgree) {
    set();
    createSecondApplication(
        R"(,"loginConfiguration":{"generateRefreshTokens":true,"allowTokenRefresh":true})");
    call("POST", std::string("/api/user/registration/") + tellerId,
         R"({"registration":{"applicationId":")" + std::string(secondId) + "\"}}");
    const auto login = loggedIn();
    const auto answer = issue(textAt(login, "token"),
                              {{"applicationId", secondId}, {"refreshToken", textAt(login, "refreshToken")}});
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    BOOST_TEST(callOpenly("POST", "/api/jwt/refresh",
                          R"({"refreshToken":")" + textAt(*answer.body, "refreshToken") + "\"}")
                   .status == 200);
    call(
        "PATCH", std::string("/api/application/") + secondId,
        R"({"application":{"jwtConfiguration":{"enabled":true,"refreshTokenExpirationPolicy":"SlidingWindow"}}})");
    BOOST_TEST(!issue(textAt(login, "token"),
                      {{"applicationId", secondId}, {"refreshToken", textAt(login, "refreshToken")}})
                    .body->find("refreshToken"));
}

BOOST_AUTO_TEST_CASE(IssuingNeedsAGoodTokenAndAnApplication) {
    set();
    const auto token = textAt(loggedIn(), "token");
    BOOST_TEST(issue(token).status == 404);
    BOOST_TEST(onlyCode(issue(token, {})) == "[blank]applicationId");
    BOOST_TEST(onlyCode(issue(token, {{"applicationId", "x"}})) == "[couldNotConvert]applicationId");
    BOOST_TEST(issue(token + "A").status == 401);
    call("DELETE", std::string("/api/user/") + tellerId);
    createSecondApplication();
    BOOST_TEST(issue(token).status == 401);
}

BOOST_AUTO_TEST_CASE(AVendedTokenSaysWhatItsCallerLikes) {
    const auto answer = call("POST", "/api/jwt/vend",
                             R"({"claims":{"exp":1,"iat":2,"roles":["x"]},"timeToLiveInSeconds":30})");
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    const auto payload = verified(textAt(*answer.body, "token")).payload;
    BOOST_TEST(payload == R"({"exp":1790000030,"iat":1790000000,"roles":["x"]})");
    BOOST_TEST(onlyCode(call("POST", "/api/jwt/vend", R"({"keyId":")" + std::string(secondId) + "\"}")) ==
               "[invalid]keyId");
    BOOST_TEST(callOpenly("POST", "/api/jwt/vend", "{}").status == 401);
}

BOOST_AUTO_TEST_CASE(PublicKeysAreShownAsPem) {
    set("ES384");
    call("POST", "/api/key/generate", R"({"key":{"name":"x","algorithm":"HS256"}})");
    const auto all = callWith("GET", "/api/jwt/public-key", {});
    BOOST_TEST(all.body->find("publicKeys")->object()->size() == 2U);
    const auto ofApplication = callWith("GET", "/api/jwt/public-key", {{"applicationId", applicationId}});
    const auto kid = textAt(verified(textAt(loggedIn(), "token")).header, "kid");
    const auto byKid = callWith("GET", "/api/jwt/public-key", {{"kid", kid}});
    BOOST_TEST(textAt(*byKid.body, "publicKey").starts_with("-----BEGIN PUBLIC KEY-----\n"));
    BOOST_TEST(textAt(*ofApplication.body, "publicKey") == textAt(*byKid.body, "publicKey"));
    BOOST_TEST(*all.body->find("publicKeys")->find(kid)->string() == textAt(*byKid.body, "publicKey"));
    BOOST_TEST(callWith("GET", "/api/jwt/public-key", {{"kid", "x"}}).status == 404);
    BOOST_TEST(callWith("GET", "/api/jwt/public-key", {{"applicationId", secondId}}).status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
