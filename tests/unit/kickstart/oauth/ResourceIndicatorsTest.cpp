#include "changebank/kickstart/oauth/OAuthEndpoints.h"

#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

constexpr const char* bank = "https://bank.example/";
constexpr const char* vault = "https://vault.example/api?v=1";

/// An application with two resources (RFC 8707).
struct Fixture : tests::OAuthFixture {
    using Resources = std::vector<std::string>;

    Fixture() {
        createOAuthApplication(std::string(wholeConfiguration) +
                               R"(,"authorizedResourceUris":["https://bank.example/",)"
                               R"("https://vault.example/api?v=1"])");
        createTeller();
    }

    static Fields with(Fields fields, const Resources& resources) {
        for (const auto& resource : resources) {
            fields.emplace_back("resource", resource);
        }
        return fields;
    }

    kickstart::WebResponse ask(const Resources& resources) {
        return get("/oauth2/authorize?" + form(with(authorizationFields(), resources)).toText());
    }

    std::string codeFor(const Resources& resources) {
        return redirected(submit(ask(resources))).text("code");
    }

    kickstart::WebResponse exchangeFor(const std::string& code, const Resources& resources) {
        return token(with({{"grant_type", "authorization_code"},
                           {"client_id", applicationId},
                           {"client_secret", clientSecret},
                           {"code", code},
                           {"redirect_uri", redirectUri},
                           {"code_verifier", verifier}},
                          resources));
    }

    kickstart::WebResponse refreshFor(const std::string& refreshToken, const Resources& resources) {
        return token(with({{"grant_type", "refresh_token"},
                           {"client_id", applicationId},
                           {"client_secret", clientSecret},
                           {"refresh_token", refreshToken}},
                          resources));
    }

    /// The claim `aud` of the access token of a response.
    std::string audience(const kickstart::WebResponse& response) {
        return claimsOf(memberOf(response, "access_token")).find("aud")->toText();
    }

    void authorize(const std::string& uris) {
        BOOST_REQUIRE_EQUAL(
            call("PATCH", std::string("/api/application/") + applicationId,
                 R"({"application":{"oauthConfiguration":{"authorizedResourceUris":)" + uris + "}}}")
                .status,
            200);
    }

    const std::string onlyClient = '"' + std::string(applicationId) + '"';
    const std::string clientAndBank = "[" + onlyClient + R"(,"https://bank.example/"])";
    const std::string clientAndBoth =
        "[" + onlyClient + R"(,"https://bank.example/","https://vault.example/api?v=1"])";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ResourceIndicatorsTest, Fixture)

BOOST_AUTO_TEST_CASE(AudienceIsTheClientAndThenItsResources) {
    const auto tokens = exchangeFor(codeFor({bank, vault, bank}), {bank, vault, bank});
    BOOST_TEST(audience(tokens) == clientAndBoth);
    BOOST_TEST(claimsOf(memberOf(tokens, "id_token")).find("aud")->toText() == onlyClient);
    BOOST_TEST(audience(exchangeFor(codeFor({bank}), {bank})) == clientAndBank);
}

BOOST_AUTO_TEST_CASE(WithoutResourceTheAudienceIsTheClient) {
    BOOST_TEST(audience(exchangeFor(codeFor({}), {})) == onlyClient);
}

BOOST_AUTO_TEST_CASE(ATokenRequestMayNarrowButNotWiden) {
    BOOST_TEST(audience(exchangeFor(codeFor({bank, vault}), {bank})) == clientAndBank);
    const auto widened = codeFor({bank});
    BOOST_TEST(errorOf(exchangeFor(widened, {bank, vault})) == "400 invalid_target/unknown");
    BOOST_TEST(errorOf(exchangeFor(widened, {bank})) == "400 invalid_grant/auth_code_not_found");
    BOOST_TEST(errorOf(exchangeFor(codeFor({}), {bank})) == "400 invalid_target/unknown");
}

BOOST_AUTO_TEST_CASE(ACodeForResourcesNeedsOneAtTheTokenEndpoint) {
    BOOST_TEST(errorOf(exchangeFor(codeFor({bank}), {})) == "400 invalid_target/unknown");
    const auto code = codeFor({bank});
    authorize(R"(["https://vault.example/api?v=1"])");
    BOOST_TEST(audience(exchangeFor(code, {})) == onlyClient);
}

BOOST_AUTO_TEST_CASE(UnauthorizedResourceIsAnInvalidTarget) {
    for (const auto& resources : {Resources{"https://bank.example"}, Resources{"https://BANK.example/"},
                                  Resources{"https://bank.example/#x"},
                                  Resources{bank, "https://other.example/"}, Resources{"bank"}}) {
        const auto parameters = redirected(ask(resources));
        BOOST_TEST(parameters.text("error") == "invalid_target", resources.back());
        BOOST_TEST(parameters.text("state") == "the state");
        BOOST_TEST(!parameters.find("code"));
        BOOST_TEST(errorOf(exchangeFor(codeFor({bank}), resources)) == "400 invalid_target/unknown");
    }
}

BOOST_AUTO_TEST_CASE(WithoutAuthorizedResourcesTheParameterIsIgnored) {
    authorize("[]");
    const auto tokens = exchangeFor(codeFor({bank}), {"https://other.example/"});
    BOOST_TEST(audience(tokens) == onlyClient);
    BOOST_TEST(audience(refreshFor(memberOf(tokens, "refresh_token"), {bank})) == onlyClient);
}

BOOST_AUTO_TEST_CASE(ARefreshKeepsTheResourcesAndMayNarrowThem) {
    const auto refreshToken = memberOf(exchangeFor(codeFor({bank, vault}), {bank, vault}), "refresh_token");
    BOOST_TEST(audience(refreshFor(refreshToken, {})) == clientAndBoth);
    BOOST_TEST(audience(refreshFor(refreshToken, {bank})) == clientAndBank);
    BOOST_TEST(audience(refreshFor(refreshToken, {})) == clientAndBoth);
    for (const char* other : {"https://other.example/", "https://bank.example"}) {
        BOOST_TEST(errorOf(refreshFor(refreshToken, {bank, other})) == "400 invalid_target/unknown", other);
    }
    const auto narrow = memberOf(exchangeFor(codeFor({bank, vault}), {bank}), "refresh_token");
    BOOST_TEST(errorOf(refreshFor(narrow, {vault})) == "400 invalid_target/unknown");
    BOOST_TEST(audience(refreshFor(narrow, {})) == clientAndBank);
}

BOOST_AUTO_TEST_CASE(ARefreshLosesResourcesThatAreNoLongerAuthorized) {
    const auto refreshToken = memberOf(exchangeFor(codeFor({bank, vault}), {bank, vault}), "refresh_token");
    authorize(R"(["https://bank.example/"])");
    BOOST_TEST(audience(refreshFor(refreshToken, {})) == clientAndBank);
    BOOST_TEST(errorOf(refreshFor(refreshToken, {vault})) == "400 invalid_target/unknown");
    authorize("[]");
    BOOST_TEST(audience(refreshFor(refreshToken, {})) == onlyClient);
}

BOOST_AUTO_TEST_CASE(TheRefreshTokenNamesItsResources) {
    recordEvents();
    const auto tokens = exchangeFor(codeFor({bank}), {bank});
    call("DELETE", "/api/jwt/refresh/" + memberOf(tokens, "refresh_token_id"));
    BOOST_REQUIRE_EQUAL(events.size(), 1U);
    BOOST_TEST(textAt(told(events[0]), "refreshToken", "metaData", "resources") ==
               R"(["https://bank.example/"])");
}

BOOST_AUTO_TEST_CASE(UserInfoAndTheHostedBackendReadTheClientFromTheArray) {
    auto request = requestOf("GET", "/oauth2/userinfo");
    const auto token = memberOf(exchangeFor(codeFor({bank}), {bank}), "access_token");
    request.authorization = "Bearer " + token;
    BOOST_TEST(memberOf(provider.oauth().handle(request), "sub") == tellerId);
    cookies["app.at"] = token;
    request = requestOf("GET", "/app/me");
    request.origin = "http://localhost:3000";
    BOOST_TEST(send(request).status == 200);
    request.origin = "http://evil.com";
    BOOST_TEST(send(request).status == 403);
}

BOOST_AUTO_TEST_CASE(ConfiguredResourcesAreAbsoluteUrisWithoutFragment) {
    for (const char* uris : {R"(["bank"])", R"(["/bank"])", R"([""])", R"(["https://bank.example/#x"])",
                             R"(["https://bank.example/","https://bank.example:x/"])"}) {
        BOOST_TEST(onlyCode(call("PATCH", std::string("/api/application/") + applicationId,
                                 R"({"application":{"oauthConfiguration":{"authorizedResourceUris":)" +
                                     std::string(uris) + "}}}")) ==
                       "[invalid]application.oauthConfiguration.authorizedResourceUris",
                   uris);
    }
    authorize(R"(["urn:example:bank","https://bank.example/"])");
    const auto shown = *call("GET", std::string("/api/application/") + applicationId).body;
    BOOST_TEST(textAt(shown, "application", "oauthConfiguration", "authorizedResourceUris") ==
               R"(["urn:example:bank","https://bank.example/"])");
    BOOST_TEST(ask({"urn:example:bank"}).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
