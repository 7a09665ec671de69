#include "changebank/kickstart/api/Apis.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::ProviderFixture {
    Fixture() {
        createKey("ES256");
        createApplication();
    }

    static std::string registration(const std::string& roles = R"(["customer"])") {
        return R"("registration":{"applicationId":")" + std::string(applicationId) + R"(","roles":)" + roles +
               "}";
    }

    tests::Answer create(const std::string& user, const std::string& registrationMember = registration()) {
        return call("POST", "/api/user/registration", R"({"user":)" + user + "," + registrationMember + "}");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(RegistrationApiTest, Fixture)

BOOST_AUTO_TEST_CASE(CreatesAUserWhoCanLogIn) {
    const auto response = create(R"({"email":"New@Example.com","password":"password","data":{"branch":7}})");
    BOOST_REQUIRE_EQUAL(response.status, 200);
    const auto& user = *response.body->find("user");
    BOOST_TEST(*user.find("email")->string() == "new@example.com");
    BOOST_TEST(user.find("data")->find("branch")->number()->text == "7");
    BOOST_TEST(!user.find("password"));
    BOOST_TEST(response.body->toText().find("\"password\"") == std::string::npos);
    BOOST_TEST(*response.body->find("registration")->find("roles")->array()->at(0).string() == "customer");
    BOOST_TEST(call("POST", "/api/login", loginBody("new@example.com")).status == 200);
}

BOOST_AUTO_TEST_CASE(RegistersAUserWhoExists) {
    const auto boss = call("POST", std::string("/api/user/registration/") + tellerId,
                           R"({"user":{"email":"teller@example.com","password":"password"},"registration":{)"
                           R"("applicationId":")" +
                               std::string(kickstart::administrationApplicationId) + R"("}})");
    BOOST_REQUIRE_EQUAL(boss.status, 200);
    BOOST_TEST(call("POST", "/api/login", loginBody()).status == 202);
    const std::string path = std::string("/api/user/registration/") + tellerId;
    BOOST_TEST(call("POST", path, "{" + registration(R"(["teller"])") + "}").status == 200);
    BOOST_TEST(call("POST", "/api/login", loginBody()).status == 200);
    BOOST_TEST(onlyCode(call("POST", path, "{" + registration() + "}")) == "[duplicate]registration");
}

BOOST_AUTO_TEST_CASE(PasswordOfTheWrongLengthGets400) {
    const auto withPassword = [](std::size_t length) {
        return R"({"email":"x@example.com","password":")" + std::string(length, 'p') + "\"}";
    };
    BOOST_TEST(onlyCode(create(withPassword(0))) == "[blank]user.password");
    BOOST_TEST(onlyCode(create(withPassword(7))) == "[tooShort]user.password");
    BOOST_TEST(onlyCode(create(withPassword(257))) == "[tooLong]user.password");
    BOOST_TEST(create(withPassword(256)).status == 200);
}

BOOST_AUTO_TEST_CASE(InvalidValuesGet400) {
    createTeller();
    const std::string user = R"({"email":"x@example.com","password":"password"})";
    BOOST_TEST(onlyCode(create(R"({"password":"password"})")) == "[blank]user.email");
    BOOST_TEST(onlyCode(create(R"({"email":"TELLER@example.com","password":"password"})")) ==
               "[duplicate]user.email");
    BOOST_TEST(onlyCode(create(user, registration(R"(["boss"])"))) == "[invalid]registration.roles");
    BOOST_TEST(onlyCode(create(user, registration("[1]"))) == "[invalid]registration.roles");
    BOOST_TEST(onlyCode(create(user, R"("registration":{})")) == "[blank]registration.applicationId");
    BOOST_TEST(onlyCode(create(user, R"("registration":{"applicationId":")" + std::string(tellerId) +
                                         "\"}")) == "[invalid]registration.applicationId");
    BOOST_TEST(onlyCode(call("POST", "/api/user/registration", R"({"user":)" + user + "}")) ==
               "[blank]registration");
    BOOST_TEST(onlyCode(call("POST", std::string("/api/user/registration/") + tellerId,
                             R"({"user":)" + user + "," + registration() + "}")) == "[duplicate]userId");
    BOOST_TEST(onlyCode(call("POST", std::string("/api/user/registration/") + keyId,
                             "{" + registration() + "}")) == "[invalid]userId");
}

BOOST_AUTO_TEST_CASE(FailedRequestCreatesNoUser) {
    create(R"({"email":"x@example.com","password":"password"})", registration(R"(["boss"])"));
    BOOST_TEST(call("POST", "/api/login", loginBody("x@example.com")).status == 404);
}

BOOST_AUTO_TEST_CASE(GetReturnsAndDeleteRemovesARegistration) {
    createTeller();
    recordEvents();
    const auto path = std::string("/api/user/registration/") + tellerId + "/" + applicationId;
    BOOST_TEST(textAt(*call("GET", path).body, "registration", "roles") == R"(["teller"])");
    BOOST_TEST(call("DELETE", path).status == 200);
    BOOST_TEST(call("GET", path).status == 404);
    BOOST_TEST(call("DELETE", path).status == 404);
    BOOST_TEST(call("POST", "/api/login", loginBody()).status == 202);
    BOOST_REQUIRE_EQUAL(events.size(), 1U);
    BOOST_TEST(events[0].type == "user.registration.delete");
    const auto event = told(events[0]);
    BOOST_TEST(textAt(event, "applicationId") == applicationId);
    BOOST_TEST(textAt(event, "user", "id") == tellerId);
    BOOST_TEST(textAt(event, "registration", "applicationId") == applicationId);
}

BOOST_AUTO_TEST_CASE(DeleteRevokesTheUsersRefreshTokensOfTheApplication) {
    call("PATCH", std::string("/api/application/") + applicationId,
         R"({"application":{"loginConfiguration":{"generateRefreshTokens":true}}})");
    createTeller();
    loggedIn();
    recordEvents();
    call("DELETE", std::string("/api/user/registration/") + tellerId + "/" + applicationId);
    BOOST_TEST(
        eventTypes() == (std::vector<std::string>{"jwt.refresh-token.revoke", "user.registration.delete"}),
        boost::test_tools::per_element());
    // Neither one token nor all of the user: both ids, and no refreshToken.
    const auto revocation = told(events[0]);
    BOOST_TEST(textAt(revocation, "userId") == tellerId);
    BOOST_TEST(textAt(revocation, "applicationId") == applicationId);
    BOOST_TEST(!revocation.find("refreshToken"));
}

BOOST_AUTO_TEST_CASE(NewUserPublishesUserAndRegistrationEvents) {
    recordEvents();
    createTeller();
    const std::vector<std::string> expected{"user.create", "user.registration.create"};
    BOOST_TEST(eventTypes() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
