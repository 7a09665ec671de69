#include "kickstart/oauth/IntrospectionEndpoint.h"

#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

constexpr const char* otherId = "00000000-0000-0000-0000-0000000000aa";

struct Fixture : tests::OAuthFixture {
    Fixture() {
        createOAuthApplication();
        createOAuthApplication(wholeConfiguration, otherId);
        createTeller();
        tokens = exchange(code());
    }

    kickstart::WebAnswer introspect(const std::string& text, const Fields& changes = {}) {
        auto request = requestOf("POST", "/oauth2/introspect");
        request.form = form(changed({{"client_id", applicationId}, {"token", text}}, changes));
        return provider.oauth().answer(request);
    }

    bool isActive(const kickstart::WebAnswer& answer) {
        BOOST_REQUIRE_EQUAL(answer.status, 200);
        const auto body = bodyOf(answer);
        const bool isActive = *body.find("active")->boolean();
        if (!isActive) BOOST_TEST(body.object()->size() == 1U);
        return isActive;
    }

    std::string text(const char* name) { return memberOf(tokens, name); }

    kickstart::WebAnswer tokens;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(IntrospectionEndpointTest, Fixture)

BOOST_AUTO_TEST_CASE(AGoodTokenIsTakenApart) {
    const auto answer = introspect(text("access_token"));
    BOOST_TEST(isActive(answer));
    BOOST_TEST(memberOf(answer, "sub") == tellerId);
    BOOST_TEST(memberOf(answer, "tty") == "at");
    BOOST_TEST(bodyOf(answer).find("exp")->number()->text == "1790000600");
    BOOST_TEST(isActive(introspect(text("id_token"))));
}

BOOST_AUTO_TEST_CASE(TheHintMustFit) {
    BOOST_TEST(isActive(introspect(text("access_token"), {{"token_type_hint", "access_token"}})));
    BOOST_TEST(!isActive(introspect(text("access_token"), {{"token_type_hint", "id_token"}})));
    BOOST_TEST(isActive(introspect(text("id_token"), {{"token_type_hint", "id_token"}})));
    BOOST_TEST(!isActive(introspect(text("id_token"), {{"token_type_hint", "access_token"}})));
    BOOST_TEST(isActive(introspect(text("refresh_token"), {{"token_type_hint", "refresh_token"}})));
    BOOST_TEST(!isActive(introspect(text("refresh_token"))));
    BOOST_TEST(!isActive(introspect(text("access_token"), {{"token_type_hint", "refresh_token"}})));
    BOOST_TEST(refusalOf(introspect("x", {{"token_type_hint", "pizza"}})) ==
               "400 unsupported_token_type/unknown");
}

BOOST_AUTO_TEST_CASE(WhatIsNotGoodIsInactiveWithoutAReason) {
    const auto token = text("access_token");
    auto forged = token;
    forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
    for (const auto& bad : {std::string("x"), std::string("a.b.c"), forged, token + "A",
                            std::string("eyJhbGciOiJub25lIn0") + token.substr(token.find('.'))}) {
        BOOST_TEST(!isActive(introspect(bad)));
    }
    clock.advance(std::chrono::seconds(600));
    BOOST_TEST(!isActive(introspect(token)));
}

BOOST_AUTO_TEST_CASE(TokensOfAnotherClientAreNotJudged) {
    for (const char* name : {"access_token", "id_token"}) {
        BOOST_TEST(refusalOf(introspect(text(name), {{"client_id", otherId}})) ==
                   "401 invalid_client/client_id_mismatch");
    }
    BOOST_TEST(refusalOf(introspect(text("refresh_token"),
                                    {{"client_id", otherId}, {"token_type_hint", "refresh_token"}})) ==
               "401 invalid_client/client_id_mismatch");
}

BOOST_AUTO_TEST_CASE(ASessionIsNoToken) {
    BOOST_TEST(!isActive(introspect(cookies["fusionauth.sso"], {{"token_type_hint", "refresh_token"}})));
}

BOOST_AUTO_TEST_CASE(ADeactivatedUsersTokenIsNotActive) {
    provider.directory().change([](kickstart::DirectoryState& state) {
        state.users.at(*kickstart::Uuid::parse(tellerId)).active = false;
    });
    BOOST_TEST(!isActive(introspect(text("access_token"))));
}

BOOST_AUTO_TEST_CASE(ASecretThatIsSentIsChecked) {
    BOOST_TEST(isActive(introspect(text("access_token"), {{"client_secret", clientSecret}})));
    BOOST_TEST(refusalOf(introspect("x", {{"client_secret", "y"}})) ==
               "401 invalid_client/invalid_client_authentication");
    BOOST_TEST(refusalOf(introspect("")) == "400 invalid_request/missing_token");
    BOOST_TEST(refusalOf(introspect("x", {{"client_id", ""}})) == "400 invalid_request/missing_client_id");
}

BOOST_AUTO_TEST_SUITE_END()
