#include "changebank/kickstart/oauth/OAuthEndpoints.h"

#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::OAuthFixture {
    Fixture() {
        createOAuthApplication();
        createTeller();
    }
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(AuthorizationEndpointTest, Fixture)

BOOST_AUTO_TEST_CASE(ALoginLeadsToTheClientWithACodeForItsTokens) {
    const auto page = authorize();
    BOOST_TEST(page.status == 200);
    clock.advance(std::chrono::seconds(10));
    const auto response = submit(page);
    const auto parameters = redirected(response);
    BOOST_TEST(response.header("Location").starts_with("http://localhost:3000?code="));
    BOOST_TEST(parameters.text("state") == "the state");
    BOOST_TEST(parameters.text("iss") == "acme.com");
    BOOST_TEST(parameters.text("userState") == "Authenticated");
    BOOST_TEST(page.header("Set-Cookie").starts_with("fusionauth.csrf="));
    BOOST_TEST(page.header("Set-Cookie").ends_with("; Path=/; HttpOnly; SameSite=Lax"));

    const auto tokens = exchange(parameters.text("code"));
    BOOST_TEST(tokens.status == 200);
    BOOST_TEST(memberOf(tokens, "token_type") == "Bearer");
    BOOST_TEST(memberOf(tokens, "userId") == tellerId);
    BOOST_TEST(memberOf(tokens, "scope") == "openid offline_access");
    BOOST_TEST(bodyOf(tokens).find("expires_in")->number()->text == "600");
    const auto access = claimsOf(memberOf(tokens, "access_token"));
    BOOST_TEST(*access.find("tty")->string() == "at");
    BOOST_TEST(*access.find("gty")->array()->at(0).string() == "authorization_code");
    BOOST_TEST(*access.find("scope")->string() == "openid offline_access");
    BOOST_TEST(*access.find("sid")->string() == memberOf(tokens, "refresh_token_id"));
    BOOST_TEST(access.find("auth_time")->number()->text == "1790000010");
    const auto id = claimsOf(memberOf(tokens, "id_token"));
    BOOST_TEST(*id.find("tty")->string() == "idt");
    BOOST_TEST(*id.find("nonce")->string() == "the-nonce");
    BOOST_TEST(*id.find("aud")->string() == applicationId);
    BOOST_TEST(!memberOf(tokens, "refresh_token").empty());
}

// OpenID Connect Core 1.0 section 3.1.2.1.
BOOST_AUTO_TEST_CASE(ASignedInBrowserMustLogInAgain) {
    const auto authTime = [&](const kickstart::WebResponse& tokens, const char* token) {
        return claimsOf(memberOf(tokens, token)).find("auth_time")->number()->text;
    };
    const auto first = exchange(code());
    BOOST_TEST(authTime(first, "access_token") == "1790000000");
    for (const auto& [name, value] : Fields{{"prompt", "login"},
                                            {"prompt", "login consent"},
                                            {"prompt", "select_account"},
                                            {"max_age", "0"},
                                            {"max_age", "3600"},
                                            {"max_age", "99999999999999999999"}}) {
        clock.advance(std::chrono::seconds(10));
        const auto page = authorize({{name, value}});
        BOOST_TEST(page.status == 200, value);
        clock.advance(std::chrono::seconds(10));
        const auto now = std::to_string(
            std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count());
        const auto tokens = exchange(redirected(submit(page)).text("code"));
        BOOST_TEST(authTime(tokens, "access_token") == now, value);
        BOOST_TEST(authTime(tokens, "id_token") == now, value);
        clock.advance(std::chrono::seconds(10));
        BOOST_TEST(authTime(refresh(memberOf(tokens, "refresh_token")), "access_token") == now, value);
    }
    BOOST_TEST(authTime(refresh(memberOf(first, "refresh_token")), "access_token") == "1790000000");
}

BOOST_AUTO_TEST_CASE(LoginIsRecordedWithTheUser) {
    clock.advance(std::chrono::seconds(10));
    code();
    const auto user = provider.directory().read([](const kickstart::DirectoryState& state) {
        return state.users.at(*kickstart::Uuid::parse(tellerId));
    });
    BOOST_TEST(user.lastLoginInstant == 1'790'000'010'000);
    BOOST_TEST(user.registrations.begin()->second.lastLoginInstant == 1'790'000'010'000);
}

// Unknown redirect URLs never get a redirect.
BOOST_AUTO_TEST_CASE(UnauthorizedUrlGetsNoRedirect) {
    for (const char* url :
         {"http://localhost:3000/", "http://localhost:3000?x=1", "http://localhost:30000",
          "http://localhost:3000@evil.com", "http://evil.com", "//evil.com", "http://LOCALHOST:3000",
          "http://localhost:3000#x", "javascript:alert(1)", "http://localhost:3000/../",
          "https://app.example.com/cb", "https://app.example.com/cb?a=b&c=d", "http://localhost:3000\r\nX: y",
          " http://localhost:3000", "http://localhost:3000%00"}) {
        const auto response = authorize({{"redirect_uri", url}});
        BOOST_TEST(response.status == 400, url);
        BOOST_TEST(response.header("Location").empty(), url);
        BOOST_TEST(contains(response.body, "invalid_redirect_uri"), url);
    }
    BOOST_TEST(contains(authorize({{"redirect_uri", ""}}).body, "missing_redirect_uri"));
    BOOST_TEST(contains(authorize({{"client_id", ""}}).body, "missing_client_id"));
    BOOST_TEST(contains(authorize({{"client_id", "'><script>"}}).body, "invalid_client_id"));
    BOOST_TEST(contains(authorize({{"tenantId", tellerId}}).body, "invalid_tenant_id"));
    BOOST_TEST(authorize({{"tenantId", tenantId}}).status == 200);
}

BOOST_AUTO_TEST_CASE(RepeatedParameterIsAnErrorWithoutRedirect) {
    const auto query = form(authorizationFields()).toText();
    for (const char* twice :
         {"redirect_uri=http%3A%2F%2Fevil.com", "client_id=x", "state=x", "code_challenge=x"}) {
        const auto response = get("/oauth2/authorize?" + query + '&' + twice);
        BOOST_TEST(response.status == 400, twice);
        BOOST_TEST(response.header("Location").empty(), twice);
    }
    BOOST_TEST(get("/oauth2/authorize?" + query + "&resource=a&resource=b").status == 200);
}

BOOST_AUTO_TEST_CASE(OtherErrorsRedirectToTheClient) {
    struct Case {
        Fields changes;
        const char* error;
        const char* reason;
    };
    const std::vector<Case> cases{
        {{{"response_type", ""}}, "invalid_request", "missing_response_type"},
        {{{"response_type", "token"}}, "unsupported_response_type", "invalid_response_type"},
        {{{"response_type", "code token"}}, "unsupported_response_type", "invalid_response_type"},
        {{{"response_type", "CODE"}}, "unsupported_response_type", "invalid_response_type"},
        {{{"response_mode", "fragment"}}, "invalid_request", "invalid_response_mode"},
        {{{"code_challenge", ""}, {"code_challenge_method", ""}},
         "invalid_request",
         "missing_code_challenge"},
        {{{"code_challenge", ""}}, "invalid_request", "missing_code_challenge"},
        {{{"code_challenge_method", "plain"}}, "invalid_request", "invalid_pkce_code_challenge_method"},
        {{{"code_challenge_method", ""}}, "invalid_request", "invalid_pkce_code_challenge_method"},
        {{{"code_challenge", verifier + std::string("A")}}, "invalid_request", "invalid_pkce_code_challenge"},
        {{{"prompt", "none"}}, "login_required", "authentication_required"},
        {{{"prompt", "none"}, {"max_age", "60"}}, "login_required", "authentication_required"},
        {{{"prompt", "login none"}}, "invalid_request", "invalid_prompt"},
        {{{"max_age", "-1"}}, "invalid_request", "unknown"},
        {{{"max_age", "1.5"}}, "invalid_request", "unknown"},
        {{{"max_age", "soon"}}, "invalid_request", "unknown"},
        {{{"scope", "openid admin"}}, "invalid_scope", "unknown_scope"},
    };
    for (const auto& [changes, error, reason] : cases) {
        const auto response = authorize(changes);
        BOOST_TEST(response.header("Location").starts_with("http://localhost:3000?error="), reason);
        const auto parameters = redirected(response);
        BOOST_TEST(parameters.text("error") == error, reason);
        BOOST_TEST(parameters.text("error_reason") == reason);
        BOOST_TEST(!parameters.text("error_description").empty(), reason);
        BOOST_TEST(parameters.text("state") == "the state", reason);
        BOOST_TEST(parameters.text("iss") == "acme.com", reason);
    }
}

BOOST_AUTO_TEST_CASE(ARedirectKeepsTheUrlsOwnQuery) {
    const auto response = submit(authorize({{"redirect_uri", "https://app.example.com/cb?a=b"}}));
    BOOST_TEST(response.header("Location").starts_with("https://app.example.com/cb?a=b&code="));
}

BOOST_AUTO_TEST_CASE(FormIsValidOnlyInItsBrowserAndFromItsPage) {
    const auto page = authorize();
    const auto isRefused = [&](const kickstart::WebResponse& response) {
        return response.status == 403 && response.header("Location").empty();
    };
    BOOST_TEST(isRefused(submit(page, "teller@example.com", "password", {{"csrf_token", ""}})));
    BOOST_TEST(isRefused(submit(page, "teller@example.com", "password", {{"csrf_token", "x"}})));

    auto request = requestOf("POST", actionOf(page.body));
    request.form =
        form(changed(hiddenFields(page.body), {{"loginId", "teller@example.com"}, {"password", "password"}}));
    request.isCrossSiteWrite = true;
    BOOST_TEST(isRefused(send(request)));

    const auto own = std::exchange(cookies, {});
    BOOST_TEST(isRefused(submit(page)));
    cookies = {{"fusionauth.csrf", "another"}};
    BOOST_TEST(isRefused(submit(page)));
    cookies = own;
    BOOST_TEST(submit(page).status == 302);
}

BOOST_AUTO_TEST_CASE(AWrongPasswordAndAnUnknownUserLookAlike) {
    const auto page = authorize();
    const auto wrong = submit(page, "teller@example.com", "wrong");
    const auto unknown = submit(page, "nobody@example.com", "wrong");
    BOOST_TEST(wrong.status == 200);
    BOOST_TEST(contains(wrong.body, "The name or the password is wrong."));
    BOOST_TEST(Poco::replace(wrong.body, std::string("teller@"), std::string("nobody@")) == unknown.body);
    BOOST_TEST(!contains(wrong.body, "\"wrong\""));
    BOOST_TEST(submit(page, "", "x").status == 200);
}

BOOST_AUTO_TEST_CASE(UnregisteredUserIsRejectedIfRegistrationIsRequired) {
    BOOST_REQUIRE_EQUAL(call("POST", "/api/user/registration",
                             R"({"user":{"email":"guest@example.com","password":"password"},)"
                             R"("registration":{"applicationId":"3c219e58-ed0e-4b18-ad48-f4f92793ae32"}})")
                            .status,
                        200);
    const auto response = submit(authorize(), "guest@example.com");
    BOOST_TEST(response.status == 200);
    BOOST_TEST(contains(response.body, "not registered"));
}

BOOST_AUTO_TEST_CASE(ReflectedTextIsEscaped) {
    const std::string attack = R"("'><script>alert(1)</script>&lt;)";
    for (const char* name : {"state", "nonce", "login_hint", "locale"}) {
        const auto page = authorize({{name, attack}});
        BOOST_TEST(page.status == 200);
        BOOST_TEST(!contains(page.body, "<script"), name);
        BOOST_TEST(!contains(page.body, "\"'>"), name);
    }
    for (const auto& [name, value] : authorizationFields()) {
        const auto page = authorize({{name, attack}});
        BOOST_TEST(!contains(page.body, "<script"), name);
        BOOST_TEST(!contains(page.header("Location"), "<"), name);
    }
    const auto page = submit(authorize(), attack, "wrong");
    BOOST_TEST(!contains(page.body, "<script"));
    BOOST_TEST(contains(page.body, "value=\"&quot;'&gt;&lt;script&gt;"));
    BOOST_TEST(!contains(page.body, "<b>Bank"));
    BOOST_TEST(contains(page.body, "Sign in to &lt;b&gt;Bank &amp; Co&lt;/b&gt;"));
}

BOOST_AUTO_TEST_CASE(PagesHaveSecurityHeaders) {
    for (const auto& page :
         {authorize(), submit(authorize(), "x", "y"), authorize({{"redirect_uri", "http://evil"}})}) {
        const auto policy = page.header("Content-Security-Policy");
        BOOST_TEST(contains(policy, "default-src 'none'"));
        BOOST_TEST(contains(policy, "frame-ancestors 'none'"));
        BOOST_TEST(contains(policy, "base-uri 'none'"));
        BOOST_TEST(!contains(policy, "unsafe"));
        BOOST_TEST(page.header("X-Frame-Options") == "DENY");
        BOOST_TEST(page.header("X-Content-Type-Options") == "nosniff");
        BOOST_TEST(page.header("Referrer-Policy") == "same-origin");
        BOOST_TEST(page.header("Content-Type") == "text/html; charset=utf-8");
        BOOST_TEST(!contains(page.body, "style="));
    }
    BOOST_TEST(contains(authorize().header("Content-Security-Policy"),
                        "form-action 'self' http://localhost:3000 https://app.example.com;"));
}

BOOST_AUTO_TEST_CASE(CookiesAreForHttpsAloneWhereHttpsIs) {
    baseUrl = "https://login.example.com";
    const auto page = authorize();
    BOOST_TEST(contains(page.header("Set-Cookie"), "; Secure; HttpOnly; SameSite=Lax"));
}

BOOST_AUTO_TEST_SUITE_END()
