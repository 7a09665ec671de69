#include "changebank/kickstart/api/Apis.h"

#include "changebank/kickstart/values/Instant.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::ProviderFixture {
    Fixture() {
        createKey("ES256");
        createApplication(R"({"generateRefreshTokens":true,"allowTokenRefresh":true})");
        createTeller();
    }

    std::string newRefreshToken() { return textAt(loggedIn(), "refreshToken"); }

    tests::Answer refresh(const std::string& token, const std::string& more = "") {
        return callOpenly("POST", "/api/jwt/refresh", R"({"refreshToken":")" + token + "\"" + more + "}");
    }

    void configure(const std::string& jwtConfiguration) {
        BOOST_REQUIRE_EQUAL(call("PATCH", std::string("/api/application/") + applicationId,
                                 R"({"application":{"jwtConfiguration":)" + jwtConfiguration + "}}")
                                .status,
                            200);
    }

    std::size_t livingTokens() {
        return provider.directory().read([&](const kickstart::DirectoryState& state) {
            return state.refreshTokens
                .select({.userId = kickstart::Uuid::parse(tellerId)}, kickstart::instantOf(clock))
                .size();
        });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(RefreshTokenApiTest, Fixture)

BOOST_AUTO_TEST_CASE(LoginReturnsARefreshToken) {
    const auto response = call("POST", "/api/login", loginBody());
    const auto token = textAt(*response.body, "refreshToken");
    const auto id = textAt(*response.body, "refreshTokenId");
    BOOST_REQUIRE_EQUAL(response.cookies.size(), 2U);
    BOOST_TEST(response.cookies[0] ==
               "refresh_token=" + token + "; Path=/; Max-Age=2592000; Secure; HttpOnly");
    BOOST_TEST(textAt(*Json::parse(verified(textAt(*response.body, "token")).payload), "sid") == id);
}

BOOST_AUTO_TEST_CASE(ValidTokenYieldsANewAccessToken) {
    const auto login = loggedIn();
    clock.advance(std::chrono::seconds(100));
    const auto response = refresh(textAt(login, "refreshToken"));
    BOOST_REQUIRE_EQUAL(response.status, 200);
    BOOST_TEST(textAt(*response.body, "refreshToken") == textAt(login, "refreshToken"));
    BOOST_TEST(textAt(*response.body, "refreshTokenId") == textAt(login, "refreshTokenId"));
    const auto claims = *Json::parse(verified(textAt(*response.body, "token")).payload);
    BOOST_TEST(textAt(claims, "authenticationType") == "REFRESH_TOKEN");
    BOOST_TEST(textAt(claims, "auth_time") == "1790000000");
    BOOST_TEST(textAt(claims, "iat") == "1790000100");
    BOOST_TEST(textAt(claims, "exp") == "1790000700");
    BOOST_TEST(textAt(claims, "sid") == textAt(login, "refreshTokenId"));
    BOOST_TEST(textAt(claims, "roles") == R"(["teller"])");
    BOOST_REQUIRE_EQUAL(response.cookies.size(), 2U);
    BOOST_TEST(response.cookies[0].starts_with("access_token="));
    BOOST_TEST(response.cookies[1].starts_with("refresh_token="));
}

BOOST_AUTO_TEST_CASE(CookieOverridesBody) {
    kickstart::ApiRequest request{"POST", "/api/jwt/refresh", R"({"refreshToken":"wrong"})"};
    request.cookies = {{"refresh_token", newRefreshToken()}};
    BOOST_TEST(provider.apis().handle(request).status == 200);
    request.cookies = {{"refresh_token", "wrong"}};
    request.body = R"({"refreshToken":")" + newRefreshToken() + "\"}";
    BOOST_TEST(provider.apis().handle(request).status == 400);
}

BOOST_AUTO_TEST_CASE(InvalidTokenGets400) {
    BOOST_TEST(onlyCode(refresh("never-issued")) == "[invalid]refreshToken");
    BOOST_TEST(onlyCode(refresh("")) == "[blank]refreshToken");
    BOOST_TEST(onlyCode(callOpenly("POST", "/api/jwt/refresh", "{}")) == "[blank]refreshToken");
    const auto token = newRefreshToken();
    clock.advance(std::chrono::hours(24 * 30));
    BOOST_TEST(onlyCode(refresh(token)) == "[invalid]refreshToken");
}

BOOST_AUTO_TEST_CASE(RefreshGets400IfTheApplicationForbidsIt) {
    const auto token = newRefreshToken();
    call("PATCH", std::string("/api/application/") + applicationId,
         R"({"application":{"loginConfiguration":{"allowTokenRefresh":false}}})");
    BOOST_TEST(onlyCode(refresh(token)) == "[invalid]refreshToken");
}

BOOST_AUTO_TEST_CASE(OneTimeTokenWorksOnce) {
    configure(R"({"refreshTokenUsagePolicy":"OneTimeUse"})");
    const auto first = newRefreshToken();
    const auto second = textAt(*refresh(first).body, "refreshToken");
    BOOST_TEST(second != first);
    BOOST_TEST(refresh(first).status == 400);
    BOOST_TEST(refresh(second).status == 200);
}

BOOST_AUTO_TEST_CASE(DeactivatedUserGets400) {
    const auto token = newRefreshToken();
    provider.directory().change([](kickstart::DirectoryState& state) {
        state.users.at(*kickstart::Uuid::parse(tellerId)).active = false;
    });
    BOOST_TEST(refresh(token).status == 400);
}

BOOST_AUTO_TEST_CASE(RevokesOneOrManyTokens) {
    const auto token = newRefreshToken();
    const auto id = textAt(loggedIn(), "refreshTokenId");
    loggedIn();
    BOOST_TEST(livingTokens() == 3U);
    const auto response = callWith("DELETE", "/api/jwt/refresh", {{"token", token}});
    BOOST_TEST(response.status == 200);
    BOOST_TEST(!response.body);
    BOOST_TEST(refresh(token).status == 400);
    BOOST_TEST(call("DELETE", "/api/jwt/refresh/" + id).status == 200);
    BOOST_TEST(livingTokens() == 1U);
    BOOST_TEST(
        callWith("DELETE", "/api/jwt/refresh", {{"userId", tellerId}, {"applicationId", keyId}}).status ==
        200);
    BOOST_TEST(livingTokens() == 1U);
    BOOST_TEST(callWith("DELETE", "/api/jwt/refresh", {{"applicationId", applicationId}}).status == 200);
    BOOST_TEST(livingTokens() == 0U);
    BOOST_TEST(callWith("DELETE", "/api/jwt/refresh", {{"token", token}}).status == 404);
    BOOST_TEST(call("DELETE", "/api/jwt/refresh/" + id).status == 404);
    BOOST_TEST(onlyCode(callWith("DELETE", "/api/jwt/refresh", {})) == "[blank]token");
    BOOST_TEST(callOpenly("DELETE", "/api/jwt/refresh/" + id).status == 401);
    BOOST_TEST(onlyCode(callWith("DELETE", "/api/jwt/refresh", {{"userId", "x"}})) ==
               "[couldNotConvert]userId");
}

BOOST_AUTO_TEST_CASE(RevocationPublishesAnEvent) {
    const auto id = textAt(loggedIn(), "refreshTokenId");
    loggedIn();
    recordEvents();
    call("DELETE", "/api/jwt/refresh/" + id);
    callWith("DELETE", "/api/jwt/refresh", {{"userId", tellerId}});
    callWith("DELETE", "/api/jwt/refresh", {{"userId", tellerId}});
    loggedIn();
    callWith("DELETE", "/api/jwt/refresh", {{"applicationId", applicationId}});
    BOOST_REQUIRE_EQUAL(events.size(), 3U);

    const auto one = told(events[0]);
    BOOST_TEST(textAt(one, "type") == "jwt.refresh-token.revoke");
    BOOST_TEST(textAt(one, "tenantId") == tenantId);
    BOOST_TEST(textAt(one, "createInstant") == "1790000000000");
    BOOST_TEST(textAt(one, "applicationId") == applicationId);
    BOOST_TEST(textAt(one, "userId") == tellerId);
    BOOST_TEST(textAt(one, "user", "id") == tellerId);
    BOOST_TEST(textAt(one, "refreshToken", "id") == id);
    BOOST_TEST(textAt(one, "applicationTimeToLiveInSeconds") ==
               R"({")" + std::string(applicationId) + R"(":600})");

    const auto ofUser = told(events[1]);
    BOOST_TEST(textAt(ofUser, "userId") == tellerId);
    BOOST_TEST(!ofUser.find("applicationId"));
    BOOST_TEST(ofUser.find("applicationTimeToLiveInSeconds")->object()->size() == 2U);

    const auto ofApplication = told(events[2]);
    BOOST_TEST(textAt(ofApplication, "applicationId") == applicationId);
    BOOST_TEST(!ofApplication.find("userId"));
}

BOOST_AUTO_TEST_CASE(LogoutRevokesTheTokenAndRemovesCookies) {
    const auto token = newRefreshToken();
    newRefreshToken();
    kickstart::ApiRequest request{"POST", "/api/logout", ""};
    request.parameters = {{"refreshToken", token}};
    const auto response = provider.apis().handle(request);
    BOOST_TEST(response.status == 200);
    BOOST_TEST(!response.body);
    BOOST_REQUIRE_EQUAL(response.cookies.size(), 2U);
    BOOST_TEST(response.cookies[0] == "access_token=; Path=/; Max-Age=0; Secure; HttpOnly");
    BOOST_TEST(livingTokens() == 1U);
    newRefreshToken();
    request.parameters = {{"global", "true"}};
    request.cookies = {{"refresh_token", newRefreshToken()}};
    provider.apis().handle(request);
    BOOST_TEST(livingTokens() == 0U);
    BOOST_TEST(callOpenly("POST", "/api/logout").status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
