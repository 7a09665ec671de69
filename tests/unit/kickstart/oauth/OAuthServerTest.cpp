#include "changebank/kickstart/oauth/OAuthServer.h"

#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::OAuthFixture {
    Fixture() {
        createOAuthApplication();
        createTeller();
    }

    kickstart::WebResponse logOut(const Fields& fields) {
        return get("/oauth2/logout?" + form(fields).toText());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(OAuthServerTest, Fixture)

BOOST_AUTO_TEST_CASE(OnlyItsOwnPathsAreCovered) {
    using kickstart::OAuthServer;
    BOOST_TEST(OAuthServer::covers("/oauth2/token"));
    BOOST_TEST(OAuthServer::covers("/app/login/x?y"));
    BOOST_TEST(OAuthServer::covers("/"));
    BOOST_TEST(OAuthServer::covers("/account/"));
    BOOST_TEST(OAuthServer::covers("/admin"));
    for (const char* path : {"/api/login", "/oauth2", "/oauth22/token", "/application"}) {
        BOOST_TEST(!OAuthServer::covers(path), path);
    }
}

BOOST_AUTO_TEST_CASE(UnknownPathGets404UnknownMethod405) {
    for (const char* path :
         {"/oauth2/", "/oauth2/nothing", "/app/", "/app/me/x", "/app/login/a/b/c", "/app/callback/x"}) {
        const auto status = get(path).status;
        BOOST_TEST((status == 404 || status == 400), path);
    }
    const auto unknown = post("/oauth2/introspect", {});
    BOOST_TEST(unknown.status == 404);
    BOOST_TEST(unknown.remark.starts_with("kickstartd does not offer POST /oauth2/introspect"));
    BOOST_TEST(memberOf(unknown, "error_description") == unknown.remark);
    const auto response = get("/oauth2/token");
    BOOST_TEST(response.status == 405);
    BOOST_TEST(response.header("Allow") == "POST");
    BOOST_TEST(send(requestOf("DELETE", "/oauth2/authorize")).header("Allow") == "GET, POST");
    BOOST_TEST(post("/app/me", {}).header("Allow") == "GET, OPTIONS");
}

BOOST_AUTO_TEST_CASE(TheStyleSheetIsServed) {
    const auto response = get("/oauth2/style.css");
    BOOST_TEST(response.header("Content-Type") == "text/css; charset=utf-8");
    BOOST_TEST(!response.body.empty());
}

BOOST_AUTO_TEST_CASE(ALogoutLeavesRefreshTokensAsTheyAre) {
    const auto tokens = exchange(code());
    logOut({{"client_id", applicationId}});
    BOOST_TEST(refresh(memberOf(tokens, "refresh_token")).status == 200);
}

BOOST_AUTO_TEST_CASE(ALogoutLeadsToAuthorizedUrlsAlone) {
    BOOST_TEST(logOut({{"client_id", applicationId},
                       {"post_logout_redirect_uri", "https://app.example.com/cb?a=b"},
                       {"state", "x&y"}})
                   .header("Location") == "https://app.example.com/cb?a=b&state=x%26y");
    BOOST_TEST(logOut({}).header("Location") == "/");
    BOOST_TEST(logOut({{"client_id", applicationId}}).header("Location") == "http://localhost:3000/bye");
    for (const char* url : {"http://evil.com", "http://localhost:3000/", "//evil.com", "/elsewhere"}) {
        const auto response = logOut({{"client_id", applicationId}, {"post_logout_redirect_uri", url}});
        BOOST_TEST(response.status == 400, url);
        BOOST_TEST(response.header("Location").empty(), url);
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
