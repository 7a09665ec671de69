#include <Poco/String.h>

#include <fstream>

#include "changebank/kickstart/file/Kickstart.h"
#include "changebank/kickstart/file/KickstartRunner.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

/// What the kickstarts of FusionAuth's API quickstarts have in common: an API key, a signing key whose id is
/// a UUID of each run, the administrator, an application and people who are registered with it.
constexpr const char* frame = R"({
  "variables": {
    "bankId": "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e",
    "key": "an-api-key",
    "signingKeyId": "#{UUID()}",
    "themeOfBank": "#{UUID()}",
    "defaultTenantId": "d7d09513-a3f5-401c-9685-34ab6c552453",
    "mail": "teller@example.com",
    "origin": "https://localhost:7028"
  },
  "apiKeys": [{"key": "#{key}", "description": "opens everything"}],
  "requests": [REQUESTS]
})";

constexpr const char* issuer =
    R"({"method":"PATCH","url":"/api/tenant/#{defaultTenantId}","body":{"tenant":{"issuer":"http://localhost:9011"}}})";
/// With a tenant, to which a current FusionAuth answers 401, and without one.
constexpr const char* keyOfTenant =
    R"({"method":"POST","url":"/api/key/generate/#{signingKeyId}","tenantId":"#{defaultTenantId}",)"
    R"("body":{"key":{"algorithm":"ES256","name":"tokens","length":256}}})";
constexpr const char* key = R"({"method":"POST","url":"/api/key/generate/#{signingKeyId}",)"
                            R"("body":{"key":{"algorithm":"ES256","name":"tokens","length":256}}})";
constexpr const char* usageData =
    R"({"method":"PATCH","url":"api/system-configuration","body":{"systemConfiguration":{"usageDataConfiguration":{"enabled":true}}}})";
constexpr const char* crossOrigin =
    R"({"method":"PATCH","url":"api/system-configuration","body":{"systemConfiguration":{"corsConfiguration":)"
    R"({"allowCredentials":true,"allowedMethods":["GET","OPTIONS"],"allowedOrigins":["#{origin}"],"enabled":true,"preflightMaxAgeInSeconds":0}}}})";
constexpr const char* administrator =
    R"({"method":"POST","url":"/api/user/registration","body":{"user":{"email":"admin@example.com","password":"password"},)"
    R"("registration":{"applicationId":"#{FUSIONAUTH_APPLICATION_ID}","roles":["admin"]}}})";
constexpr const char* theme =
    R"({"method":"POST","url":"/api/theme/#{themeOfBank}","body":{"sourceThemeId":"75a068fd-e94b-451a-9aeb-3ddb9a3b5987","theme":{"name":"Bank"}}},)"
    R"({"method":"PATCH","url":"/api/theme/#{themeOfBank}","body":{"theme":{"stylesheet":"@{css/bank.css}"}}},)"
    R"({"method":"PATCH","url":"/api/tenant/#{defaultTenantId}","body":{"tenant":{"themeId":"#{themeOfBank}"}}})";

std::string application(const std::string& oauth, const std::string& registration, const std::string& roles) {
    return R"({"method":"POST","url":"/api/application/#{bankId}","tenantId":"#{defaultTenantId}","body":{"application":{)"
           R"("name":"Bank","oauthConfiguration":{"clientSecret":"secret","logoutURL":"http://localhost:8080/logout",)"
           R"("enabledGrants":["authorization_code","refresh_token"])" +
           oauth +
           R"(},"jwtConfiguration":{"enabled":true,"accessTokenKeyId":"#{signingKeyId}","idTokenKeyId":"#{signingKeyId}"},)"
           R"("registrationConfiguration":)" +
           registration + roles + "}}}";
}

const std::string fullRegistration =
    R"({"birthDate":{"enabled":false,"required":false},"confirmPassword":false,"enabled":true,)"
    R"("fullName":{"enabled":true,"required":true},"loginIdType":"email","type":"basic"})";
const std::string bankRoles = R"(,"roles":[{"name":"teller"},{"name":"customer"}])";

std::string user(const std::string& registrationRoles) {
    return R"({"method":"POST","url":"/api/user/registration/00000000-0000-0000-0000-111111111111","body":{"user":{)"
           R"("birthDate":"1985-11-23","email":"#{mail}","firstName":"Tammy","lastName":"Teller","password":"password"},)"
           R"("registration":{"applicationId":"#{bankId}")" +
           registrationRoles + "}}}";
}

struct Fixture {
    /// Runs a kickstart of these requests and logs its teller in.
    Json rolesAfter(const std::vector<std::string>& requests) {
        const auto text = Poco::replace(std::string(frame), std::string("REQUESTS"),
                                        Poco::cat(std::string(","), requests.begin(), requests.end()));
        std::filesystem::create_directory(folder.file("css"));
        folder.write("css/bank.css", "body {\n  color: \"green\"\n}\n");
        const auto kickstart = kickstart::Kickstart::read(folder.write("kickstart.json", text),
                                                          [](const auto&) { return std::nullopt; });
        auto state = kickstart::freshInstallation(
            kickstart.ids, clock, kickstart::SigningKey::generate(kickstart::KeyAlgorithm::es256, 0));
        state.apiKeys = kickstart.apiKeys;
        kickstart::IdentityProvider provider(std::move(state), clock);
        lines.clear();
        kickstart::runKickstart(kickstart, provider.apis(),
                                [this](const std::string& line) { lines.push_back(line); });
        const tests::Answer response =
            provider.apis().handle({"POST", "/api/login", tests::ProviderFixture::loginBody(), "an-api-key"});
        BOOST_REQUIRE_EQUAL(response.status, 200);
        const tests::Answer validated = provider.apis().handle(
            {"GET", "/api/jwt/validate", "", "Bearer " + *response.body->find("token")->string()});
        const auto& claims = *validated.body->find("jwt");
        BOOST_TEST(*claims.find("iss")->string() == "http://localhost:9011");
        BOOST_TEST(*claims.find("aud")->string() == "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e");
        return *claims.find("roles");
    }

    tests::ManualClock clock;
    tests::TemporaryFolder folder;
    std::vector<std::string> lines;
};

const std::string strictOAuth =
    R"(,"authorizedRedirectURLs":[],"proofKeyForCodeExchangePolicy":"Required","requireRegistration":true)";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(QuickstartsTest, Fixture)

BOOST_AUTO_TEST_CASE(ExpressRailsAndGo) {
    const auto bank = application(strictOAuth, fullRegistration, bankRoles);
    const auto teller = user(R"(,"roles":["teller"])");
    BOOST_TEST(rolesAfter({issuer, usageData, keyOfTenant, administrator, bank, teller}).toText() ==
               R"(["teller"])");
    BOOST_REQUIRE_EQUAL(lines.size(), 2U);
    BOOST_TEST(lines[0].find("PATCH /api/system-configuration: not supported; skipped") != std::string::npos);
    BOOST_TEST(lines[1].find("Remove tenantId") != std::string::npos);
    BOOST_TEST(rolesAfter({issuer, keyOfTenant, administrator, bank, teller}).toText() == R"(["teller"])");
    BOOST_TEST(lines.size() == 1U);
}

BOOST_AUTO_TEST_CASE(Spring) {
    const auto bank = application(
        R"(,"authorizedRedirectURLs":["http://localhost:8080/login/oauth2/code/fusionauth"],"requireRegistration":"true")",
        R"({"enabled":true})", bankRoles);
    BOOST_TEST(
        rolesAfter({issuer, key, administrator, bank, user(R"(,"roles":["teller","customer"])")}).toText() ==
        R"(["teller","customer"])");
    BOOST_TEST(lines.empty());
}

BOOST_AUTO_TEST_CASE(Laravel) {
    const auto bank = application(R"(,"authorizedRedirectURLs":[],"debug":true,"generateRefreshTokens":true)",
                                  R"({"enabled":true})", bankRoles);
    BOOST_TEST(rolesAfter({issuer, key, administrator, bank, user(R"(,"roles":["teller"])")}).toText() ==
               R"(["teller"])");
}

// What FusionAuth's example kickstarts have beside that: roles as names, a built-in key, escaped expressions.
BOOST_AUTO_TEST_CASE(Examples) {
    const std::string bank =
        R"({"method":"POST","url":"/api/application/#{bankId}","body":{"application":{"name":"Bank",)"
        R"("data":{"escaped":"\\&{requests/x.json}","literal":"\\\\&{requests/x.json}"},)"
        R"("jwtConfiguration":{"enabled":true,"accessTokenKeyId":"#{signingKeyId}",)"
        R"("idTokenKeyId":"092dbedc-30af-4149-9c61-b578f2c72f59"},"roles":["teller","customer"]}}})";
    BOOST_TEST(rolesAfter({issuer, key, "\"&{requests/x.json}\"", bank, user(R"(,"roles":["customer"])")})
                   .toText() == R"(["customer"])");
    BOOST_REQUIRE_EQUAL(lines.size(), 1U);
    BOOST_TEST(lines[0].ends_with("requests/x.json: the file cannot be read; left out"));
}

BOOST_AUTO_TEST_CASE(DotNet) {
    const auto bank = application(
        R"(,"authorizedRedirectURLs":["#{origin}/callback"],"authorizedOriginURLs":["#{origin}"],"debug":true,)"
        R"("generateRefreshTokens":true,"requireRegistration":true)",
        R"({"enabled":true})", "");
    BOOST_TEST(
        rolesAfter({keyOfTenant, crossOrigin, administrator, issuer, bank, user(""), theme}).toText() ==
        "[]");
    BOOST_REQUIRE_EQUAL(lines.size(), 4U);
    BOOST_TEST(lines[2].find("POST /api/theme/") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
