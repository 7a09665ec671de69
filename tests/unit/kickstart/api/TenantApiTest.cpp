#include "changebank/kickstart/api/Apis.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::ProviderFixture {
    tests::Answer patch(const std::string& tenant) {
        return call("PATCH", std::string("/api/tenant/") + tenantId, R"({"tenant":)" + tenant + "}");
    }

    std::string issuer() {
        return *callOpenly("GET", "/.well-known/openid-configuration").body->find("issuer")->string();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(TenantApiTest, Fixture)

BOOST_AUTO_TEST_CASE(ChangesTheIssuer) {
    BOOST_TEST(issuer() == "acme.com");
    const auto response = patch(R"({"issuer":"http://localhost:9011","themeId":"kept-out"})");
    BOOST_TEST(response.status == 200);
    BOOST_TEST(*response.body->find("tenant")->find("issuer")->string() == "http://localhost:9011");
    BOOST_TEST(issuer() == "http://localhost:9011");
}

BOOST_AUTO_TEST_CASE(PatchKeepsOtherMembers) {
    patch(R"({"issuer":"here"})");
    const auto tenant = *patch(R"({"name":"Bank"})").body->find("tenant");
    BOOST_TEST(*tenant.find("issuer")->string() == "here");
    BOOST_TEST(*tenant.find("name")->string() == "Bank");
    BOOST_TEST(tenant.find("jwtConfiguration")->find("timeToLiveInSeconds")->number()->text == "3600");
    BOOST_TEST(onlyCode(patch(R"({"name":""})")) == "[blank]tenant.name");
}

BOOST_AUTO_TEST_CASE(ChangesKeyAndLifetimeOfTokens) {
    createKey();
    createApplication();
    createTeller();
    BOOST_TEST(patch(R"({"jwtConfiguration":{"accessTokenKeyId":")" + std::string(keyId) +
                     R"(","timeToLiveInSeconds":60},"loginConfiguration":{"requireAuthentication":false}})")
                   .status == 200);
    const auto response =
        callOpenly("POST", "/api/login", R"({"loginId":"teller@example.com","password":"password"})");
    BOOST_TEST(response.status == 200);
    BOOST_TEST(response.body->find("tokenExpirationInstant")->number()->text == "1790000060000");
    const auto withApplication = call("POST", "/api/login", loginBody());
    BOOST_TEST(*verified(*response.body->find("token")->string()).header.find("kid")->string() ==
               *verified(*withApplication.body->find("token")->string()).header.find("kid")->string());
}

BOOST_AUTO_TEST_CASE(NewKeyPublishesAnEventForInheritingApplications) {
    createKey("ES256");
    createApplication();
    recordEvents();
    patch(R"({"name":"x"})");
    BOOST_TEST(events.empty());
    patch(R"({"jwtConfiguration":{"accessTokenKeyId":")" + std::string(keyId) + "\"}}");
    BOOST_REQUIRE_EQUAL(events.size(), 1U);
    BOOST_TEST(events[0].type == "jwt.public-key.update");
    // FusionAuth's own; ChangeBank names its own signing keys.
    patch(R"({"jwtConfiguration":{"idTokenKeyId":")" + std::string(keyId) + "\"}}");
    BOOST_TEST(told(events.at(1)).find("applicationIds")->array()->size() == 1U);
    BOOST_TEST(told(events.at(0)).find("applicationIds")->array()->size() == 1U);
}

BOOST_AUTO_TEST_CASE(InvalidValuesGet400) {
    BOOST_TEST(onlyCode(patch(R"({"issuer":""})")) == "[blank]tenant.issuer");
    BOOST_TEST(onlyCode(patch(R"({"issuer":1})")) == "[couldNotConvert]tenant.issuer");
    BOOST_TEST(onlyCode(patch(R"({"jwtConfiguration":{"accessTokenKeyId":")" + std::string(keyId) +
                              R"("}})")) == "[invalid]tenant.jwtConfiguration.accessTokenKeyId");
    BOOST_TEST(onlyCode(patch(R"({"jwtConfiguration":{"timeToLiveInSeconds":0}})")) ==
               "[couldNotConvert]tenant.jwtConfiguration.timeToLiveInSeconds");
    BOOST_TEST(issuer() == "acme.com");
    BOOST_TEST(call("PATCH", std::string("/api/tenant/") + keyId, "{}").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
