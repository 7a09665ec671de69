#include "changebank/kickstart/oauth/OAuthEndpoints.h"

#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::OAuthFixture {
    void create(const std::string& more = "") {
        createOAuthApplication(std::string(wholeConfiguration) + more);
        createTeller();
    }

    kickstart::WebResponse ask(const std::string& authorization, const std::string& method = "GET") {
        auto request = requestOf(method, "/oauth2/userinfo");
        request.authorization = authorization;
        return provider.oauth().handle(request);
    }

    kickstart::WebResponse tokens(const char* scope) { return exchange(code({{"scope", scope}})); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(UserInfoEndpointTest, Fixture)

BOOST_AUTO_TEST_CASE(StrictScopesReturnOnlyRequestedClaims) {
    create();
    const auto few = ask("Bearer " + memberOf(tokens("openid"), "access_token"));
    BOOST_TEST(few.body == std::string(R"({"sub":")") + tellerId + "\"}");
    const auto more = ask("bearer " + memberOf(tokens("openid email profile"), "access_token"), "POST");
    BOOST_TEST(memberOf(more, "email") == "teller@example.com");
    BOOST_TEST(memberOf(more, "given_name") == "Tammy");
    BOOST_TEST(!bodyOf(more).find("roles"));
}

BOOST_AUTO_TEST_CASE(StrictScopesNeedOpenidInAnAccessToken) {
    create();
    const auto without = ask("Bearer " + memberOf(tokens("email"), "access_token"));
    BOOST_TEST(errorOf(without) == "403 insufficient_scope/missing_required_scope");
    BOOST_TEST(without.header("WWW-Authenticate") ==
               R"(Bearer realm="kickstartd", error="insufficient_scope")");
    BOOST_TEST(errorOf(ask("Bearer " + memberOf(tokens("openid"), "id_token"))) ==
               "401 invalid_token/access_token_invalid");
}

BOOST_AUTO_TEST_CASE(CompatibleScopesReturnAllClaims) {
    create(R"(,"scopeHandlingPolicy":"Compatibility")");
    const auto info = ask("Bearer " + memberOf(tokens("openid"), "id_token"));
    BOOST_TEST(memberOf(info, "email") == "teller@example.com");
    BOOST_TEST(memberOf(info, "given_name") == "Tammy");
    BOOST_TEST(memberOf(info, "applicationId") == applicationId);
    BOOST_TEST(*bodyOf(info).find("roles")->array()->at(0).string() == "teller");
}

BOOST_AUTO_TEST_CASE(InvalidTokenGets401) {
    create();
    const auto token = memberOf(tokens("openid"), "access_token");
    const auto missing = ask("");
    BOOST_TEST(errorOf(missing) == "401 invalid_token/access_token_required");
    BOOST_TEST(missing.header("WWW-Authenticate") == R"(Bearer realm="kickstartd")");
    for (const auto& authorization :
         {"Basic " + token, token, std::string("Bearer"), std::string("Bearer ")}) {
        BOOST_TEST(ask(authorization).status == 401, authorization);
    }
    const auto forged = ask("Bearer " + token + "A");
    BOOST_TEST(forged.header("WWW-Authenticate") == R"(Bearer realm="kickstartd", error="invalid_token")");
    clock.advance(std::chrono::seconds(600));
    BOOST_TEST(errorOf(ask("Bearer " + token)) == "401 invalid_token/access_token_invalid");
}

BOOST_AUTO_TEST_CASE(ATokenOutlivesNeitherUserNorApplication) {
    create();
    const auto token = memberOf(tokens("openid"), "access_token");
    provider.directory().change([](kickstart::DirectoryState& state) {
        state.users.at(*kickstart::Uuid::parse(tellerId)).active = false;
    });
    BOOST_TEST(ask("Bearer " + token).status == 401);
    provider.directory().change([](kickstart::DirectoryState& state) {
        state.users.at(*kickstart::Uuid::parse(tellerId)).active = true;
        state.applications.at(*kickstart::Uuid::parse(applicationId)).active = false;
    });
    BOOST_TEST(ask("Bearer " + token).status == 401);
}

BOOST_AUTO_TEST_SUITE_END()
