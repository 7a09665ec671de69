#include "changebank/kickstart/api/Apis.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::ProviderFixture {
    tests::Answer create(const std::string& application) {
        return call("POST", "/api/application", R"({"application":)" + application + "}");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ApplicationApiTest, Fixture)

BOOST_AUTO_TEST_CASE(CreateReturnsGivenAndDefaultMembers) {
    const auto response =
        call("POST", std::string("/api/application/") + applicationId,
             R"({"application":{"name":"Bank","oauthConfiguration":{"requireRegistration":"true"},)"
             R"("roles":[{"name":"teller","isDefault":false}],"id":"x","themeId":"unknown"}})");
    BOOST_REQUIRE_EQUAL(response.status, 200);
    const auto& application = *response.body->find("application");
    BOOST_TEST(*application.find("id")->string() == applicationId);
    BOOST_TEST(*application.find("tenantId")->string() == tenantId);
    BOOST_TEST(application.find("roles")->toText() == R"([{"name":"teller"}])");
    BOOST_TEST(*application.find("active")->boolean());
    BOOST_TEST(application.find("insertInstant")->number()->text == "1790000000000");
    const auto& oauth = *application.find("oauthConfiguration");
    BOOST_TEST(*oauth.find("clientId")->string() == applicationId);
    BOOST_TEST(oauth.find("clientSecret")->string()->size() == 43U);
    BOOST_TEST(oauth.find("enabledGrants")->toText() == R"(["authorization_code","refresh_token"])");
    BOOST_TEST(call("GET", std::string("/api/application/") + applicationId).body->toText() ==
               response.body->toText());
}

BOOST_AUTO_TEST_CASE(PatchChangesOnlyNamedMembers) {
    createKey("ES256");
    createApplication();
    const auto path = std::string("/api/application/") + applicationId;
    const auto before = *call("GET", path).body->find("application");
    clock.advance(std::chrono::seconds(1));
    const auto response = call("PATCH", path,
                               R"({"application":{"loginConfiguration":{"generateRefreshTokens":true},)"
                               R"("oauthConfiguration":{"logoutURL":"http://localhost:3000/"}}})");
    BOOST_REQUIRE_EQUAL(response.status, 200);
    const auto& after = *response.body->find("application");
    BOOST_TEST(*after.find("oauthConfiguration")->find("logoutURL")->string() == "http://localhost:3000/");
    BOOST_TEST(after.find("lastUpdateInstant")->number()->text == "1790000001000");
    for (const char* kept : {"roles", "jwtConfiguration", "name", "insertInstant"}) {
        BOOST_TEST(after.find(kept)->toText() == before.find(kept)->toText(), kept);
    }
    BOOST_TEST(*after.find("oauthConfiguration")->find("clientSecret")->string() ==
               *before.find("oauthConfiguration")->find("clientSecret")->string());
    BOOST_TEST(onlyCode(call("PATCH", path, R"({"application":{"name":""}})")) == "[blank]application.name");
    BOOST_TEST(call("PATCH", std::string("/api/application/") + tellerId, "{}").status == 404);
}

BOOST_AUTO_TEST_CASE(KeysOfADisabledJwtConfigurationAreIgnored) {
    createKey("ES256");
    const auto response =
        call("POST", std::string("/api/application/") + applicationId,
             R"({"application":{"name":"Bank","roles":[{"name":"teller"}],"jwtConfiguration":{)"
             R"("enabled":false,"timeToLiveInSeconds":5,"accessTokenKeyId":")" +
                 std::string(keyId) + R"("}}})");
    BOOST_REQUIRE_EQUAL(response.status, 200);
    createTeller();
    const auto login = call("POST", "/api/login", loginBody());
    BOOST_TEST(login.body->find("tokenExpirationInstant")->number()->text == "1790003600000");
    BOOST_TEST(*verified(*login.body->find("token")->string()).header.find("alg")->string() == "RS256");
}

BOOST_AUTO_TEST_CASE(InvalidValuesGet400) {
    BOOST_TEST(onlyCode(create("{}")) == "[blank]application.name");
    BOOST_TEST(onlyCode(create(R"({"name":"FusionAuth"})")) == "[duplicate]application.name");
    for (const char* role : {"7", "\"\"", "{}", "{\"name\":\"\"}"}) {
        BOOST_TEST(onlyCode(create(R"({"name":"x","roles":[)" + std::string(role) + "]}")) ==
                   "[blank]application.roles");
    }
    BOOST_TEST(onlyCode(create(R"({"name":"x","roles":[{"name":"a"},{"name":"a"}]})")) ==
               "[duplicate]application.roles");
    BOOST_TEST(onlyCode(create(R"({"name":"x","jwtConfiguration":{"enabled":true,"idTokenKeyId":")" +
                               std::string(keyId) + R"("}})")) ==
               "[invalid]application.jwtConfiguration.idTokenKeyId");
    BOOST_TEST(onlyCode(create(R"({"name":"x","loginConfiguration":{"requireAuthentication":3}})")) ==
               "[couldNotConvert]application.loginConfiguration.requireAuthentication");
    BOOST_TEST(create(R"({"name":"x"})").status == 200);
}

BOOST_AUTO_TEST_CASE(DuplicateIdGets400) {
    createKey("ES256");
    createApplication();
    BOOST_TEST(onlyCode(call("POST", std::string("/api/application/") + applicationId,
                             R"({"application":{"name":"Another"}})")) == "[duplicate]applicationId");
}

BOOST_AUTO_TEST_CASE(DeleteDeactivatesAndHardDeleteDeletes) {
    createKey("ES256");
    createApplication(R"({"generateRefreshTokens":true})");
    createTeller();
    loggedIn();
    recordEvents();
    const auto path = std::string("/api/application/") + applicationId;
    BOOST_TEST(call("DELETE", path).status == 200);
    BOOST_TEST(eventTypes() == std::vector<std::string>{"jwt.refresh-token.revoke"},
               boost::test_tools::per_element());
    BOOST_TEST(textAt(*call("GET", path).body, "application", "active") == "false");
    BOOST_TEST(onlyCode(call("POST", "/api/login", loginBody())) == "[invalid]applicationId");
    BOOST_TEST(callWith("DELETE", path, {{"hardDelete", "true"}}).status == 200);
    BOOST_TEST(call("GET", path).status == 404);
    BOOST_TEST(call("DELETE", path).status == 404);
    BOOST_TEST(textAt(*call("GET", std::string("/api/user/") + tellerId).body, "user", "registrations") ==
               "[]");
}

BOOST_AUTO_TEST_SUITE_END()
