#include "kickstart/ApplicationApi.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::ProviderFixture {
    kickstart::ApiAnswer create(const std::string& application) {
        return call("POST", "/api/application", R"({"application":)" + application + "}");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ApplicationApiTest, Fixture)

BOOST_AUTO_TEST_CASE(AnswersWithWhatItWasGiven) {
    const auto answer =
        call("POST", std::string("/api/application/") + applicationId,
             R"({"application":{"name":"Bank","oauthConfiguration":{"requireRegistration":"true"},)"
             R"("roles":[{"name":"teller","isDefault":false}],"id":"x"}})");
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    BOOST_TEST(
        answer.body->toText() ==
        R"({"application":{"active":true,"name":"Bank","oauthConfiguration":{"requireRegistration":"true"},)"
        R"("roles":[{"name":"teller","isDefault":false}],"id":")" +
            std::string(applicationId) + R"(","tenantId":")" + tenantId + R"("}})");
}

BOOST_AUTO_TEST_CASE(KeysThatAreNotEnabledAreNotUsed) {
    createKey("ES256");
    const auto answer =
        call("POST", std::string("/api/application/") + applicationId,
             R"({"application":{"name":"Bank","roles":[{"name":"teller"}],"jwtConfiguration":{)"
             R"("enabled":false,"timeToLiveInSeconds":5,"accessTokenKeyId":")" +
                 std::string(keyId) + R"("}}})");
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    createTeller();
    const auto login = call("POST", "/api/login", loginBody());
    BOOST_TEST(login.body->find("tokenExpirationInstant")->number()->text == "1790003600000");
    BOOST_TEST(*verified(*login.body->find("token")->string()).header.find("alg")->string() == "RS256");
}

BOOST_AUTO_TEST_CASE(RefusesWhatCannotBe) {
    BOOST_TEST(onlyCode(create("{}")) == "[blank]application.name");
    BOOST_TEST(onlyCode(create(R"({"name":"FusionAuth"})")) == "[duplicate]application.name");
    BOOST_TEST(onlyCode(create(R"({"name":"x","roles":["teller"]})")) == "[blank]application.roles");
    BOOST_TEST(onlyCode(create(R"({"name":"x","roles":[{"name":"a"},{"name":"a"}]})")) ==
               "[duplicate]application.roles");
    BOOST_TEST(onlyCode(create(R"({"name":"x","jwtConfiguration":{"enabled":true,"idTokenKeyId":")" +
                               std::string(keyId) + R"("}})")) ==
               "[invalid]application.jwtConfiguration.idTokenKeyId");
    BOOST_TEST(onlyCode(create(R"({"name":"x","loginConfiguration":{"requireAuthentication":3}})")) ==
               "[couldNotConvert]application.loginConfiguration.requireAuthentication");
    BOOST_TEST(create(R"({"name":"x"})").status == 200);
}

BOOST_AUTO_TEST_CASE(AnIdIsTakenOnce) {
    createKey("ES256");
    createApplication();
    BOOST_TEST(onlyCode(call("POST", std::string("/api/application/") + applicationId,
                             R"({"application":{"name":"Another"}})")) == "[duplicate]applicationId");
}

BOOST_AUTO_TEST_SUITE_END()
