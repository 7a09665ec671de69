#include "changebank/kickstart/tokens/AccessToken.h"

#include "tests/unit/kickstart/TokenFixture.h"

using namespace changebank;
using kickstart::AccessToken;
using kickstart::AuthenticationContext;

namespace {

constexpr std::int64_t now = 1'790'000'000;

struct Fixture : tests::TokenFixture {
    kickstart::TokenSubject subject = tellers();
    AuthenticationContext context{"PASSWORD", now - 7};

    Json claims() { return claimsOf(AccessToken::mint(subject, context, now).text); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(AccessTokenTest, Fixture)

BOOST_AUTO_TEST_CASE(HasExactlyFusionAuthsClaims) {
    const auto token = AccessToken::mint(subject, context, now);
    const auto [header, payload] = textsOf(token.text);
    BOOST_TEST(header == R"({"alg":"ES256","typ":"JWT","kid":")" + subject.accessTokenKey->kid() + R"("})");
    const auto jti = *claimsOf(token.text).find("jti")->string();
    BOOST_TEST(jti.size() == 36U);
    BOOST_TEST(payload ==
               R"({"aud":"e9fdb985-9173-4e01-9d73-ac2d60d1dc8e","exp":1790003600,"iat":1790000000,)"
               R"("iss":"http://localhost:9011","sub":"00000000-0000-0000-0000-111111111111",)"
               R"("jti":")" +
                   jti +
                   R"(","authenticationType":"PASSWORD","email":"teller@example.com",)"
                   R"("email_verified":true,)"
                   R"("applicationId":"e9fdb985-9173-4e01-9d73-ac2d60d1dc8e",)"
                   R"("roles":["teller","customer"],"auth_time":1789999993,)"
                   R"("tid":"d7d09513-a3f5-401c-9685-34ab6c552453","tty":"at"})");
    BOOST_TEST(token.expiresAt == now + 3600);
}

BOOST_AUTO_TEST_CASE(TokenOfAGrantHasGrantAndScope) {
    context.grants = {"authorization_code", "refresh_token"};
    context.scope = "openid offline_access";
    context.sid = kickstart::Uuid::random();
    const auto said = claims();
    BOOST_TEST(said.find("gty")->toText() == R"(["authorization_code","refresh_token"])");
    BOOST_TEST(*said.find("scope")->string() == context.scope);
    BOOST_TEST(*said.find("sid")->string() == context.sid->toText());
    BOOST_TEST(!said.find("email"));
    subject.application->oauth.strictScopes = false;
    BOOST_TEST(*claims().find("email")->string() == "teller@example.com");
}

BOOST_AUTO_TEST_CASE(ResourcesFollowTheClientInTheAudience) {
    context.resources = {"https://bank.example/", "https://vault.example/"};
    BOOST_TEST(
        claims().find("aud")->toText() ==
        R"(["e9fdb985-9173-4e01-9d73-ac2d60d1dc8e","https://bank.example/","https://vault.example/"])");
}

BOOST_AUTO_TEST_CASE(WithoutARegistrationItNamesNoApplicationAndNoRoles) {
    subject.user.registrations.clear();
    const auto said = claims();
    BOOST_TEST(*said.find("aud")->string() == subject.application->id.toText());
    BOOST_TEST(!said.find("roles"));
    BOOST_TEST(!said.find("applicationId"));
}

BOOST_AUTO_TEST_CASE(WithoutAnApplicationItHasNoAudience) {
    subject.application.reset();
    const auto said = claims();
    BOOST_TEST(!said.find("aud"));
    BOOST_TEST(!said.find("roles"));
    BOOST_TEST(!said.find("applicationId"));
}

BOOST_AUTO_TEST_CASE(ARegistrationWithoutRolesHasAnEmptyArray) {
    subject.user.registrations.begin()->second.roles.clear();
    BOOST_TEST(claims().find("roles")->toText() == "[]");
}

BOOST_AUTO_TEST_CASE(AUserWithoutEmailHasThePreferredName) {
    subject.user.email.clear();
    subject.user.username = "tea\"m";
    const auto said = claims();
    BOOST_TEST(*said.find("preferred_username")->string() == "tea\"m");
    BOOST_TEST(!said.find("email"));
    BOOST_TEST(!said.find("email_verified"));
}

BOOST_AUTO_TEST_SUITE_END()
