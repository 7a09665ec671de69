#include "kickstart/oauth/LogoutEndpoint.h"

#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::OAuthFixture {
    Fixture() {
        createOAuthApplication();
        createTeller();
    }

    kickstart::WebAnswer logOut(const Fields& fields) {
        return get("/oauth2/logout?" + form(fields).toText());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(LogoutEndpointTest, Fixture)

BOOST_AUTO_TEST_CASE(TheSessionEnds) {
    code();
    const auto session = cookies["fusionauth.sso"];
    const auto answer = logOut({{"client_id", applicationId}});
    BOOST_TEST(answer.header("Location") == "http://localhost:3000/bye");
    BOOST_TEST(answer.header("Set-Cookie") == "fusionauth.sso=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    cookies["fusionauth.sso"] = session;
    BOOST_TEST(authorize().status == 200);
}

BOOST_AUTO_TEST_CASE(RefreshTokensStay) {
    const auto tokens = exchange(code());
    logOut({{"client_id", applicationId}});
    BOOST_TEST(refresh(memberOf(tokens, "refresh_token")).status == 200);
}

BOOST_AUTO_TEST_CASE(ItLeadsToAuthorizedUrlsAlone) {
    BOOST_TEST(logOut({{"client_id", applicationId},
                       {"post_logout_redirect_uri", "https://app.example.com/cb?a=b"},
                       {"state", "x&y"}})
                   .header("Location") == "https://app.example.com/cb?a=b&state=x%26y");
    BOOST_TEST(logOut({}).header("Location") == "/");
    for (const char* url : {"http://evil.com", "http://localhost:3000/", "//evil.com", "/elsewhere"}) {
        const auto answer = logOut({{"client_id", applicationId}, {"post_logout_redirect_uri", url}});
        BOOST_TEST(answer.status == 400, url);
        BOOST_TEST(answer.header("Location").empty(), url);
        BOOST_TEST(logOut({{"post_logout_redirect_uri", url}}).status == 400, url);
    }
    BOOST_TEST(logOut({{"client_id", "x"}}).status == 400);
}

BOOST_AUTO_TEST_CASE(AnIdTokenNamesTheClientEvenIfItHasExpired) {
    const auto idToken = memberOf(exchange(code()), "id_token");
    clock.advance(std::chrono::hours(24));
    BOOST_TEST(logOut({{"id_token_hint", idToken}, {"post_logout_redirect_uri", "http://localhost:3000"}})
                   .header("Location") == "http://localhost:3000");
    BOOST_TEST(post("/oauth2/logout", {{"id_token_hint", idToken}}).header("Location") ==
               "http://localhost:3000/bye");
    BOOST_TEST(logOut({{"id_token_hint", "x.y.z"}}).header("Location") == "/");
}

BOOST_AUTO_TEST_SUITE_END()
