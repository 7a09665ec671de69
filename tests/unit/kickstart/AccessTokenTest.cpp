#include "kickstart/AccessToken.h"

#include <boost/test/unit_test.hpp>

#include "security/Base64Url.h"
#include "security/CompactJws.h"

using namespace changebank;
using kickstart::AccessToken;
using kickstart::KeyAlgorithm;
using kickstart::SigningKey;

BOOST_AUTO_TEST_SUITE(AccessTokenTest)

namespace {

AccessToken tellersToken() {
    AccessToken token;
    token.issuer = "http://localhost:9011";
    token.subject = "00000000-0000-0000-0000-111111111111";
    token.tenantId = "d7d09513-a3f5-401c-9685-34ab6c552453";
    token.audience = "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e";
    token.roles = {{"teller", "customer"}};
    token.email = "teller@example.com";
    token.jti = "0b1e6a3a-44a3-4f0e-9b3e-0d7f3f6f2a10";
    token.issuedAt = 1'790'000'000;
    token.expiresAt = 1'790'003'600;
    return token;
}

/// Header and payload of the token, each a JSON text in one spelling.
std::pair<std::string, std::string> textsOf(const AccessToken& token, const SigningKey& key) {
    const auto text = token.signedWith(key);
    const auto first = text.find('.');
    const auto second = text.find('.', first + 1);
    const auto header = security::decodeBase64Url(text.substr(0, first));
    const auto payload = security::decodeBase64Url(text.substr(first + 1, second - first - 1));
    BOOST_REQUIRE(header && payload);
    return {security::Json::parse(*header)->toText(), security::Json::parse(*payload)->toText()};
}

}  // namespace

BOOST_AUTO_TEST_CASE(HasExactlyFusionAuthsClaims) {
    const auto key = SigningKey::generate(KeyAlgorithm::es256, 0);
    const auto [header, payload] = textsOf(tellersToken(), *key);
    BOOST_TEST(header == R"({"alg":"ES256","kid":")" + key->kid() + R"(","typ":"JWT"})");
    BOOST_TEST(payload ==
               R"({"applicationId":"e9fdb985-9173-4e01-9d73-ac2d60d1dc8e",)"
               R"("aud":"e9fdb985-9173-4e01-9d73-ac2d60d1dc8e","auth_time":1790000000,)"
               R"("authenticationType":"PASSWORD","email":"teller@example.com","email_verified":true,)"
               R"("exp":1790003600,"iat":1790000000,"iss":"http://localhost:9011",)"
               R"("jti":"0b1e6a3a-44a3-4f0e-9b3e-0d7f3f6f2a10","roles":["teller","customer"],)"
               R"("sub":"00000000-0000-0000-0000-111111111111","tid":"d7d09513-a3f5-401c-9685-34ab6c552453",)"
               R"("tty":"at"})");
}

BOOST_AUTO_TEST_CASE(WithoutARegistrationItNamesNoApplicationAndNoRoles) {
    auto token = tellersToken();
    token.roles.reset();
    const auto payload =
        security::Json::parse(textsOf(token, *SigningKey::generate(KeyAlgorithm::es256, 0)).second);
    BOOST_REQUIRE(payload);
    BOOST_TEST(*payload->find("aud")->string() == *token.audience);
    BOOST_TEST(!payload->find("roles"));
    BOOST_TEST(!payload->find("applicationId"));
}

BOOST_AUTO_TEST_CASE(WithoutAnApplicationItHasNoAudience) {
    auto token = tellersToken();
    token.audience.reset();
    const auto payload =
        security::Json::parse(textsOf(token, *SigningKey::generate(KeyAlgorithm::es256, 0)).second);
    BOOST_REQUIRE(payload);
    BOOST_TEST(!payload->find("aud"));
    BOOST_TEST(!payload->find("roles"));
    BOOST_TEST(!payload->find("applicationId"));
}

BOOST_AUTO_TEST_CASE(ARegistrationWithoutRolesHasAnEmptyArray) {
    auto token = tellersToken();
    token.roles = std::vector<std::string>{};
    const auto payload =
        security::Json::parse(textsOf(token, *SigningKey::generate(KeyAlgorithm::es256, 0)).second);
    BOOST_REQUIRE(payload && payload->find("roles") && payload->find("roles")->array());
    BOOST_TEST(payload->find("roles")->array()->empty());
}

BOOST_AUTO_TEST_CASE(AUserWithoutEmailHasThePreferredName) {
    auto token = tellersToken();
    token.email.clear();
    token.username = "tea\"m";
    const auto payload =
        security::Json::parse(textsOf(token, *SigningKey::generate(KeyAlgorithm::es256, 0)).second);
    BOOST_REQUIRE(payload);
    BOOST_TEST(*payload->find("preferred_username")->string() == "tea\"m");
    BOOST_TEST(!payload->find("email"));
    BOOST_TEST(!payload->find("email_verified"));
}

BOOST_AUTO_TEST_SUITE_END()
