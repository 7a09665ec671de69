#include "kickstart/oauth/OAuthServer.h"

#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

BOOST_FIXTURE_TEST_SUITE(OAuthServerTest, tests::OAuthFixture)

BOOST_AUTO_TEST_CASE(OnlyItsOwnPathsAreCovered) {
    using kickstart::OAuthServer;
    BOOST_TEST(OAuthServer::covers("/oauth2/token"));
    BOOST_TEST(OAuthServer::covers("/app/login/x?y"));
    for (const char* path : {"/", "/api/login", "/oauth2", "/oauth22/token", "/application"}) {
        BOOST_TEST(!OAuthServer::covers(path), path);
    }
}

BOOST_AUTO_TEST_CASE(UnknownPathsAndMethodsAreRefused) {
    for (const char* path :
         {"/oauth2/", "/oauth2/nothing", "/app/", "/app/me/x", "/app/login/a/b/c", "/app/callback/x"}) {
        const auto status = get(path).status;
        BOOST_TEST((status == 404 || status == 400), path);
    }
    const auto answer = get("/oauth2/token");
    BOOST_TEST(answer.status == 405);
    BOOST_TEST(answer.header("Allow") == "POST");
    BOOST_TEST(send(requestOf("DELETE", "/oauth2/authorize")).header("Allow") == "GET, POST");
    BOOST_TEST(post("/app/me", {}).header("Allow") == "GET, OPTIONS");
}

BOOST_AUTO_TEST_CASE(TheStyleSheetIsServed) {
    const auto answer = get("/oauth2/style.css");
    BOOST_TEST(answer.header("Content-Type") == "text/css; charset=utf-8");
    BOOST_TEST(!answer.body.empty());
}

BOOST_AUTO_TEST_SUITE_END()
