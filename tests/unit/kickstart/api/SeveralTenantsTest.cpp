#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

constexpr const char* otherTenant = "22222222-0000-0000-0000-000000000000";
constexpr const char* otherApplication = "33333333-0000-0000-0000-000000000000";
constexpr const char* otherTeller = "44444444-0000-0000-0000-000000000000";

/// Two tenants whose tellers have the same email address, but not the same password.
struct Fixture : tests::OAuthFixture {
    Fixture() {
        createOAuthApplication();
        createTeller();
        expectOk(at("", "POST", std::string("/api/tenant/") + otherTenant,
                    R"({"tenant":{"name":"Other","issuer":"https://other.example.com"}})"));
        expectOk(at(otherTenant, "POST", std::string("/api/application/") + otherApplication,
                    R"({"application":{"name":"Bank","oauthConfiguration":{)" +
                        std::string(wholeConfiguration) + "}}}"));
        expectOk(at("", "POST", std::string("/api/user/registration/") + otherTeller,
                    R"({"user":{"email":"teller@example.com","password":"other-password"},)"
                    R"("registration":{"applicationId":")" +
                        std::string(otherApplication) + "\"}}"));
        recordEvents();
    }

    static void expectOk(const tests::Answer& response) {
        BOOST_REQUIRE_MESSAGE(response.status == 200, response.reason);
    }

    /// A request with the header X-FusionAuth-TenantId, unless that is empty.
    tests::Answer at(const std::string& tenant, const std::string& method, const std::string& path,
                     const std::string& body = "", const std::string& key = apiKey) {
        kickstart::ApiRequest request{method, path, body, key};
        if (!tenant.empty()) request.tenantId = tenant;
        return provider.apis().handle(request);
    }

    static std::string login(const std::string& password, const std::string& application = "") {
        return R"({"loginId":"teller@example.com","password":")" + password + '"' +
               (application.empty() ? "" : R"(,"applicationId":")" + application + '"') + "}";
    }

    std::string tenantOf(const tests::Answer& response) {
        return textAt(claimsOf(textAt(*response.body, "token")), "tid");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(SeveralTenantsTest, Fixture)

BOOST_AUTO_TEST_CASE(ApplicationDeterminesTheTenantOfALogin) {
    const auto first = at("", "POST", "/api/login", login("password", applicationId));
    BOOST_TEST(first.status == 200);
    BOOST_TEST(tenantOf(first) == tenantId);
    const auto second = at("", "POST", "/api/login", login("other-password", otherApplication));
    BOOST_TEST(second.status == 200);
    BOOST_TEST(tenantOf(second) == otherTenant);
    BOOST_TEST(textAt(claimsOf(textAt(*second.body, "token")), "iss") == "https://other.example.com");
    BOOST_TEST(at("", "POST", "/api/login", login("password", otherApplication)).status == 404);
    BOOST_TEST(onlyCode(at(tenantId, "POST", "/api/login", login("other-password", otherApplication))) ==
               "[invalid]applicationId");
}

BOOST_AUTO_TEST_CASE(WithoutApplicationTheTenantMustBeNamed) {
    BOOST_TEST(onlyCode(at("", "POST", "/api/login", login("password"))) == "[TenantIdRequired]");
    BOOST_TEST(tenantOf(at(otherTenant, "POST", "/api/login", login("other-password"))) == otherTenant);
    BOOST_TEST(at(otherTenant, "POST", "/api/login", login("password")).status == 404);
    for (const auto& [method, path, body] :
         {std::tuple("POST", "/api/user", R"({"user":{"username":"x","password":"password"}})"),
          std::tuple("POST", "/api/application", R"({"application":{"name":"x"}})")}) {
        BOOST_TEST(onlyCode(at("", method, path, body)) == "[TenantIdRequired]", path);
    }
    BOOST_TEST(onlyCode(at(otherTeller, "GET", std::string("/api/user/") + tellerId)) == "[invalid]tenantId");
    const auto created =
        at(otherTenant, "POST", "/api/user", R"({"user":{"username":"x","password":"password"}})");
    BOOST_TEST(textAt(*created.body, "user", "tenantId") == otherTenant);
}

BOOST_AUTO_TEST_CASE(ObjectsOfAnotherTenantGet404) {
    const std::vector<std::pair<const char*, std::string>> calls{
        {"GET", std::string("/api/user/") + tellerId},
        {"PATCH", std::string("/api/user/") + tellerId},
        {"DELETE", std::string("/api/user/") + tellerId},
        {"GET", std::string("/api/application/") + applicationId},
        {"PATCH", std::string("/api/application/") + applicationId},
        {"DELETE", std::string("/api/application/") + applicationId},
        {"GET", std::string("/api/user/registration/") + tellerId + '/' + applicationId},
        {"DELETE", std::string("/api/user/registration/") + tellerId + '/' + applicationId},
        {"GET", std::string("/api/tenant/") + tenantId},
        {"PATCH", std::string("/api/tenant/") + tenantId}};
    for (const auto& [method, path] : calls) {
        BOOST_TEST(at(otherTenant, method, path, "{}").status == 404, method << ' ' << path);
    }
    const std::string registration =
        R"({"registration":{"applicationId":")" + std::string(applicationId) + "\"}}";
    BOOST_TEST(onlyCode(at(otherTenant, "POST", std::string("/api/user/registration/") + otherTeller,
                           registration)) == "[invalid]registration.applicationId");
    BOOST_TEST(onlyCode(at("", "POST", std::string("/api/user/registration/") + otherTeller, registration)) ==
               "[invalid]userId");
}

BOOST_AUTO_TEST_CASE(TheLoginPageAndTheTokenEndpointKnowTheTenantOfTheClient) {
    const Fields atOther{{"client_id", otherApplication}};
    const auto page = authorize(atOther);
    BOOST_TEST(submit(page).status == 200);
    const auto parameters = redirected(submit(page, "teller@example.com", "other-password"));
    BOOST_TEST(parameters.text("iss") == "https://other.example.com");
    const auto tokens = exchange(parameters.text("code"), atOther);
    BOOST_TEST(textAt(claimsOf(memberOf(tokens, "access_token")), "tid") == otherTenant);
    BOOST_TEST(submit(authorize(), "teller@example.com", "other-password").status == 200);
}

BOOST_AUTO_TEST_CASE(ATenantHasItsOwnIdAndName) {
    BOOST_TEST(onlyCode(at("", "POST", "/api/tenant", R"({"tenant":{}})")) == "[blank]tenant.name");
    BOOST_TEST(onlyCode(at("", "POST", "/api/tenant", R"({"tenant":{"name":"Other"}})")) ==
               "[duplicate]tenant.name");
    BOOST_TEST(onlyCode(at("", "POST", std::string("/api/tenant/") + tenantId,
                           R"({"tenant":{"name":"x"}})")) == "[duplicate]tenantId");
}

BOOST_AUTO_TEST_CASE(EventsAreOfTheirTenant) {
    expectOk(at("", "PATCH", std::string("/api/tenant/") + otherTenant,
                R"({"tenant":{"jwtConfiguration":{"accessTokenKeyId":")" + std::string(keyId) + "\"}}}"));
    BOOST_REQUIRE_EQUAL(events.size(), 1U);
    BOOST_TEST(events[0].type == "jwt.public-key.update");
    BOOST_TEST(events[0].tenantId.toText() == otherTenant);
}

BOOST_AUTO_TEST_CASE(TokensOfAllTenantsVerifyWithOneKeySetAndNameTheirTenant) {
    const auto claimsAt = [&](const std::string& id, const std::string& password) {
        const Fields ofClient{{"client_id", id}};
        const auto parameters = redirected(submit(authorize(ofClient), "teller@example.com", password));
        const auto tokens = exchange(parameters.text("code"), ofClient);
        const auto renewed = refresh(memberOf(tokens, "refresh_token"), ofClient);
        // claimsOf() verifies them with the only key set.
        for (const auto& token : {memberOf(tokens, "id_token"), memberOf(renewed, "access_token")}) {
            BOOST_TEST(textAt(claimsOf(token), "iss") == parameters.text("iss"));
        }
        return claimsOf(memberOf(tokens, "access_token"));
    };
    const auto first = claimsAt(applicationId, "password");
    BOOST_TEST(textAt(first, "iss") == "acme.com");
    BOOST_TEST(textAt(first, "tid") == tenantId);
    const auto second = claimsAt(otherApplication, "other-password");
    BOOST_TEST(textAt(second, "iss") == "https://other.example.com");
    BOOST_TEST(textAt(second, "tid") == otherTenant);
    BOOST_TEST(textAt(second, "aud") == otherApplication);
    BOOST_TEST(errorOf(exchange(code(), {{"client_id", otherApplication}})) ==
               "400 invalid_grant/client_id_mismatch");
}

BOOST_AUTO_TEST_CASE(DiscoveryNamesEachTenantsIssuer) {
    const auto issuer = [&](const std::string& path) {
        return textAt(*callOpenly("GET", path + "/.well-known/openid-configuration").body, "issuer");
    };
    BOOST_TEST(issuer("") == "acme.com");
    BOOST_TEST(issuer(std::string("/") + otherTenant) == "https://other.example.com");
    const auto keys = [&](const std::string& path) {
        return textAt(*callOpenly("GET", path + "/.well-known/openid-configuration").body, "jwks_uri");
    };
    BOOST_TEST(keys("") == keys(std::string("/") + otherTenant));
}

BOOST_AUTO_TEST_SUITE_END()
