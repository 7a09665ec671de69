#include "changebank/kickstart/api/Apis.h"

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
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(JwtApiTest, Fixture)

BOOST_AUTO_TEST_CASE(IssuedTokenIsValidUntilItExpires) {
    set();
    const auto token = textAt(loggedIn(), "token");
    const auto response = callAs(token, "GET", "/api/jwt/validate");
    BOOST_REQUIRE_EQUAL(response.status, 200);
    BOOST_TEST(textAt(*response.body, "jwt", "sub") == tellerId);
    clock.advance(std::chrono::seconds(599));
    BOOST_TEST(callAs(token, "GET", "/api/jwt/validate").status == 200);
    clock.advance(std::chrono::seconds(1));
    const auto expired = callAs(token, "GET", "/api/jwt/validate");
    BOOST_TEST(expired.status == 401);
    BOOST_TEST(!expired.body);
}

BOOST_AUTO_TEST_CASE(EveryAlgorithmIsValidated) {
    set();
    for (const char* algorithm : {"RS256", "ES256", "ES384", "ES512", "Ed25519"}) {
        const auto key = call("POST", "/api/key/generate",
                              R"({"key":{"name":"x","algorithm":")" + std::string(algorithm) + "\"}}");
        BOOST_REQUIRE_EQUAL(call("PATCH", std::string("/api/application/") + applicationId,
                                 R"({"application":{"jwtConfiguration":{"accessTokenKeyId":")" +
                                     textAt(*key.body, "key", "id") + "\"}}}")
                                .status,
                            200);
        const auto token = textAt(loggedIn(), "token");
        const auto response = callAs(token, "GET", "/api/jwt/validate");
        BOOST_REQUIRE_EQUAL(response.status, 200);
        BOOST_TEST(textAt(*response.body, "jwt", "sub") == tellerId, algorithm);

        auto forged = token;
        auto& byte = forged[forged.rfind('.') + 5];
        byte = byte == 'A' ? 'B' : 'A';
        BOOST_TEST(callAs(forged, "GET", "/api/jwt/validate").status == 401, algorithm);
    }
}

BOOST_AUTO_TEST_CASE(OtherTokensGet401) {
    set();
    const auto token = textAt(loggedIn(), "token");
    for (const auto& other :
         {std::string(), std::string("x"), std::string("a.b.c"), token + ".", token + "A"}) {
        BOOST_TEST(callAs(other, "GET", "/api/jwt/validate").status == 401, other);
    }
    BOOST_TEST(callOpenly("GET", "/api/jwt/validate").status == 401);
    BOOST_TEST(call("GET", "/api/jwt/validate").status == 401);
}

BOOST_AUTO_TEST_CASE(CookieIsUsedWithoutAHeader) {
    set();
    kickstart::ApiRequest request{"GET", "/api/jwt/validate", ""};
    request.cookies = {{"access_token", textAt(loggedIn(), "token")}};
    BOOST_TEST(provider.apis().handle(request).status == 200);
    request.apiKey = "Bearer nonsense";
    BOOST_TEST(provider.apis().handle(request).status == 401);
    request.apiKey = "jwt " + textAt(loggedIn(), "token");
    BOOST_TEST(provider.apis().handle(request).status == 200);
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
