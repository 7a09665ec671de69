#include "changebank/kickstart/oauth/OAuthEndpoints.h"

#include "changebank/kickstart/oauth/ProofKey.h"

#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::OAuthFixture {
    Fixture() {
        createOAuthApplication();
        createTeller();
    }

    static std::string loginUrl(
        const std::string& parameters = "redirect_uri=http://localhost:3000&state=x%26y") {
        return "/app/login/" + std::string(applicationId) + "?" + parameters;
    }

    /// Follows the redirects from /app/login to the login page, logs in, and follows on to the callback.
    kickstart::WebResponse logIn(const std::string& url = loginUrl()) {
        const auto page = get(get(url).header("Location"));
        BOOST_REQUIRE_EQUAL(page.status, 200);
        return get(submit(page).header("Location"));
    }

    /// The whole of the Set-Cookie that sets this cookie.
    static std::string setCookie(const kickstart::WebResponse& response, const std::string& name) {
        for (const auto& [header, value] : response.headers) {
            if (header == "Set-Cookie" && value.starts_with(name + "=")) return value;
        }
        return {};
    }

    static std::string attributesOf(const std::string& cookie) { return cookie.substr(cookie.find(';')); }

    kickstart::WebResponse refresh(const std::string& origin = "") {
        auto request = requestOf("POST", "/app/refresh/" + std::string(applicationId));
        request.origin = origin;
        return send(request);
    }

    kickstart::WebResponse me(const std::string& origin = "") {
        auto request = requestOf("GET", "/app/me");
        request.origin = origin;
        return send(request);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(HostedBackendTest, Fixture)

BOOST_AUTO_TEST_CASE(ALoginBeginsAtTheAuthorizationEndpoint) {
    const auto response = get(loginUrl());
    const auto parameters = redirected(response);
    BOOST_TEST(response.header("Location").starts_with("http://localhost:9011/oauth2/authorize?"));
    BOOST_TEST(parameters.text("client_id") == applicationId);
    BOOST_TEST(parameters.text("response_type") == "code");
    BOOST_TEST(parameters.text("redirect_uri") == "http://localhost:9011/app/callback");
    BOOST_TEST(parameters.text("scope") == "openid offline_access");
    BOOST_TEST(parameters.text("code_challenge_method") == "S256");
    BOOST_TEST(attributesOf(setCookie(response, "app.pkce_v")) ==
               "; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax");
    BOOST_TEST(parameters.text("code_challenge") == kickstart::ProofKey::challengeOf(cookies["app.pkce_v"]));
    const auto scoped =
        redirected(get(loginUrl("redirect_uri=http://localhost:3000&scope=openid&prompt=login&max_age=900")));
    BOOST_TEST(scoped.text("scope") == "openid");
    BOOST_TEST(scoped.text("max_age") == "900");
    BOOST_TEST(scoped.text("prompt") == "login");
}

BOOST_AUTO_TEST_CASE(TheClientIsInThePathOrInTheQuery) {
    const std::string query = "client_id=" + std::string(applicationId);
    for (const auto& url :
         {"/app/login/?" + query, "/app/login?" + query, "/app/register/?" + query,
          "/app/login/" + std::string(applicationId) + "/", "/app/register/" + std::string(applicationId)}) {
        BOOST_TEST(redirected(get(url)).text("client_id") == applicationId, url);
    }
    for (const char* url :
         {"/app/login", "/app/login/x", "/app/login/00000000-0000-0000-0000-000000000000"}) {
        BOOST_TEST(get(url).status == 400, url);
    }
}

BOOST_AUTO_TEST_CASE(ALoginEndsInThePageWithItsCookies) {
    const auto response = logIn();
    BOOST_TEST(response.status == 302);
    BOOST_TEST(response.header("Location") == "http://localhost:3000?state=x%26y");
    BOOST_TEST(attributesOf(setCookie(response, "app.at")) ==
               "; Path=/; Max-Age=600; HttpOnly; SameSite=Lax");
    BOOST_TEST(setCookie(response, "app.at_exp") ==
               "app.at_exp=1790000600; Path=/; Max-Age=600; SameSite=Lax");
    BOOST_TEST(attributesOf(setCookie(response, "app.idt")) == "; Path=/; Max-Age=600; SameSite=Lax");
    BOOST_TEST(attributesOf(setCookie(response, "app.rt")) ==
               "; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax");
    BOOST_TEST(setCookie(response, "app.pkce_v").starts_with("app.pkce_v=; Path=/; Max-Age=0"));
    BOOST_TEST(*claimsOf(cookies["app.at"]).find("tty")->string() == "at");
    BOOST_TEST(*claimsOf(cookies["app.at"]).find("roles")->array()->at(0).string() == "teller");
    BOOST_TEST(*claimsOf(cookies["app.idt"]).find("tty")->string() == "idt");
}

BOOST_AUTO_TEST_CASE(WithoutARedirectUriTheFirstAuthorizedOneIsTaken) {
    BOOST_TEST(logIn(loginUrl("")).header("Location") == "http://localhost:3000");
}

BOOST_AUTO_TEST_CASE(TheScopesDecideOverTheCookies) {
    logIn(loginUrl("scope=profile"));
    BOOST_TEST(cookies.contains("app.at"));
    BOOST_TEST(!cookies.contains("app.idt"));
    BOOST_TEST(!cookies.contains("app.rt"));
}

BOOST_AUTO_TEST_CASE(UnauthorizedUrlGetsNoRedirect) {
    for (const char* url :
         {"http://evil.com", "http://localhost:3000/", "//evil.com", "javascript:alert(1)"}) {
        kickstart::FormData parameters;
        parameters.add("redirect_uri", url);
        const auto response = get(loginUrl(parameters.toText()));
        BOOST_TEST(response.status == 400, url);
        BOOST_TEST(response.header("Location").empty(), url);
    }
    // The state comes through the browser, so it is validated again.
    const auto begun = redirected(get(loginUrl()));
    const auto state = form({{"client_id", applicationId}, {"redirect_uri", "http://evil.com"}}).toText();
    const auto page = authorize({{"redirect_uri", "http://localhost:9011/app/callback"},
                                 {"code_challenge", begun.text("code_challenge")},
                                 {"state", state}});
    const auto response = get(submit(page).header("Location"));
    BOOST_TEST(response.status == 400);
    BOOST_TEST(response.header("Location").empty());
    BOOST_TEST(!cookies.contains("app.at"));
}

// An attacker who makes a victim's browser open the attacker's callback must not log it in as the attacker.
BOOST_AUTO_TEST_CASE(CodeFailsInAnotherBrowser) {
    const auto page = get(get(loginUrl()).header("Location"));
    const auto callback = submit(page).header("Location");
    cookies.clear();
    auto response = get(callback);
    BOOST_TEST(response.status == 400);
    BOOST_TEST(response.body.find("missing_code_verifier") != std::string::npos);
    get(loginUrl());
    response = get(callback);
    BOOST_TEST(response.status == 400);
    BOOST_TEST(response.body.find("invalid_pkce_code_verifier") != std::string::npos);
    BOOST_TEST(!cookies.contains("app.at"));
}

BOOST_AUTO_TEST_CASE(ACallbackWorksOnce) {
    const auto page = get(get(loginUrl()).header("Location"));
    const auto pkceCookie = cookies["app.pkce_v"];
    const auto callback = submit(page).header("Location");
    BOOST_TEST(get(callback).status == 302);
    cookies["app.pkce_v"] = pkceCookie;
    BOOST_TEST(get(callback).status == 400);
    // The tokens of the first use are revoked.
    BOOST_TEST(refresh().status == 400);
}

BOOST_AUTO_TEST_CASE(TheCallbackShowsErrorsWithoutRepeatingTheirText) {
    const auto response =
        get("/app/callback?error=access_denied&error_reason=registration_required"
            "&error_description=Call+555-1234&state=x");
    BOOST_TEST(response.status == 400);
    BOOST_TEST(response.body.find("access_denied") != std::string::npos);
    BOOST_TEST(response.body.find("555") == std::string::npos);
    const auto forged = get("/app/callback?error=%3Cscript%3E&error_reason=Call+555-1234");
    BOOST_TEST(forged.body.find("script>") == std::string::npos);
    BOOST_TEST(forged.body.find("555") == std::string::npos);
    for (const char* url : {"/app/callback", "/app/callback?code=x&state=x", "/app/callback?code=x&state=%25",
                            "/app/callback?code=x&state=client_id%3De9fdb985-9173-4e01-9d73-ac2d60d1dc8e"}) {
        BOOST_TEST(get(url).status == 400, url);
    }
}

BOOST_AUTO_TEST_CASE(ARefreshSetsNewCookies) {
    logIn();
    const auto first = cookies["app.at"];
    clock.advance(std::chrono::seconds(700));
    const auto response = refresh();
    BOOST_TEST(response.status == 200);
    BOOST_TEST(response.body.empty());
    BOOST_TEST(cookies["app.at"] != first);
    BOOST_TEST(cookies["app.at_exp"] == "1790001300");
    const auto claims = claimsOf(cookies["app.at"]);
    BOOST_TEST(*claims.find("authenticationType")->string() == "REFRESH_TOKEN");
    BOOST_TEST(claims.find("auth_time")->number()->text == "1790000000");
    BOOST_TEST(*claims.find("gty")->array()->at(1).string() == "refresh_token");
}

// A page leads its user to a new login where an API says that the last one is too old (RFC 9470).
BOOST_AUTO_TEST_CASE(AStepUpYieldsANewTimeOfLogin) {
    logIn();
    clock.advance(std::chrono::seconds(100));
    refresh();
    BOOST_TEST(claimsOf(cookies["app.at"]).find("auth_time")->number()->text == "1790000000");
    logIn(loginUrl("redirect_uri=http://localhost:3000&prompt=login&max_age=60"));
    BOOST_TEST(claimsOf(cookies["app.at"]).find("auth_time")->number()->text == "1790000100");
    BOOST_TEST(claimsOf(cookies["app.idt"]).find("auth_time")->number()->text == "1790000100");
}

BOOST_AUTO_TEST_CASE(WithoutValidRefreshTokenTheUserMustLogInAgain) {
    BOOST_TEST(errorOf(refresh()) == "400 invalid_grant/refresh_token_not_found");
    cookies["app.rt"] = "forged";
    BOOST_TEST(refresh().status == 400);
    logIn();
    clock.advance(std::chrono::hours(24 * 30));
    BOOST_TEST(refresh().status == 400);
    BOOST_TEST(get("/app/refresh/" + std::string(applicationId)).status == 405);
}

BOOST_AUTO_TEST_CASE(MeReturnsTheUser) {
    BOOST_TEST(me().status == 401);
    logIn(loginUrl("scope=openid+email+profile"));
    const auto response = me();
    BOOST_TEST(response.status == 200);
    BOOST_TEST(memberOf(response, "sub") == tellerId);
    BOOST_TEST(memberOf(response, "email") == "teller@example.com");
    BOOST_TEST(memberOf(response, "given_name") == "Tammy");
    clock.advance(std::chrono::seconds(600));
    BOOST_TEST(me().status == 401);
}

BOOST_AUTO_TEST_CASE(OnlyPagesOfTheClientsOriginsMayCall) {
    logIn();
    for (const char* origin : {"http://localhost:3000", "https://app.example.com"}) {
        for (const auto& response : {me(origin), refresh(origin)}) {
            BOOST_TEST(response.status == 200, origin);
            BOOST_TEST(response.header("Access-Control-Allow-Origin") == origin);
            BOOST_TEST(response.header("Access-Control-Allow-Credentials") == "true");
            BOOST_TEST(response.header("Vary") == "Origin");
        }
    }
    for (const char* origin :
         {"http://localhost:3001", "https://localhost:3000", "http://evil.com", "null",
          "http://localhost:3000.evil.com", "http://localhost:3000/", "HTTP://localhost:3000"}) {
        for (const auto& response : {me(origin), refresh(origin)}) {
            BOOST_TEST(response.status == 403, origin);
            BOOST_TEST(response.header("Access-Control-Allow-Origin").empty(), origin);
            BOOST_TEST(response.header("Set-Cookie").empty(), origin);
        }
    }
    BOOST_TEST(me("http://localhost:9011").status == 200);
    BOOST_TEST(me("http://localhost:9011").header("Access-Control-Allow-Origin").empty());
}

BOOST_AUTO_TEST_CASE(PreflightOfThoseOriginsSucceeds) {
    for (const char* path : {"/app/me/", "/app/refresh/?client_id=e9fdb985-9173-4e01-9d73-ac2d60d1dc8e"}) {
        auto request = requestOf("OPTIONS", path);
        request.origin = "http://localhost:3000";
        const auto response = send(request);
        BOOST_TEST(response.status == 204, path);
        BOOST_TEST(response.header("Access-Control-Allow-Origin") == "http://localhost:3000");
        BOOST_TEST(response.header("Access-Control-Allow-Methods") == "GET, POST");
        request.origin = "http://evil.com";
        BOOST_TEST(send(request).status == 403, path);
    }
}

BOOST_AUTO_TEST_CASE(ALogoutRemovesTheCookies) {
    logIn();
    const auto response =
        get("/app/logout/" + std::string(applicationId) + "?redirect_uri=http://localhost:3000");
    BOOST_TEST(redirected(response).text("post_logout_redirect_uri") == "http://localhost:3000");
    BOOST_TEST(response.header("Location").starts_with("http://localhost:9011/oauth2/logout?client_id="));
    for (const char* name : {"app.at", "app.rt", "app.idt", "app.at_exp"}) {
        BOOST_TEST(!cookies.contains(name), name);
    }
    BOOST_TEST(get(response.header("Location")).header("Location") == "http://localhost:3000");

    const auto other = get("/app/logout/?client_id=" + std::string(applicationId) +
                           "&post_logout_redirect_uri=http://evil.com");
    BOOST_TEST(get(other.header("Location")).status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
