#include "changebank/kickstart/api/Apis.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::ProviderFixture {
    Fixture() {
        createKey("ES256");
        createApplication(R"({"generateRefreshTokens":true,"allowTokenRefresh":true})");
        createTeller();
        recordEvents();
    }

    int loginStatus(const std::string& password = "password") {
        return call("POST", "/api/login", loginBody("teller@example.com", password)).status;
    }

    const std::string path = std::string("/api/user/") + tellerId;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(UserApiTest, Fixture)

BOOST_AUTO_TEST_CASE(CreatesAUserWithoutARegistration) {
    const auto response =
        call("POST", "/api/user", R"({"user":{"username":"boss","password":"password","data":{"a":1}}})");
    BOOST_REQUIRE_EQUAL(response.status, 200);
    BOOST_TEST(textAt(*response.body, "user", "registrations") == "[]");
    BOOST_TEST(call("POST", "/api/login", loginBody("boss")).status == 202);
    BOOST_TEST(onlyCode(call("POST", "/api/user", R"({"user":{"username":"BOSS","password":"password"}})")) ==
               "[duplicate]user.username");
    BOOST_TEST(onlyCode(call("POST", path, R"({"user":{"username":"x","password":"password"}})")) ==
               "[duplicate]userId");
    BOOST_TEST(onlyCode(call("POST", "/api/user", R"({"user":{"username":"x"}})")) == "[blank]user.password");
}

BOOST_AUTO_TEST_CASE(GetReturnsAUserById) {
    BOOST_TEST(textAt(*call("GET", path).body, "user", "email") == "teller@example.com");
    BOOST_TEST(call("GET", std::string("/api/user/") + keyId).status == 404);
}

BOOST_AUTO_TEST_CASE(PatchChangesOnlyNamedMembers) {
    clock.advance(std::chrono::seconds(1));
    const auto response = call("PATCH", path, R"({"user":{"lastName":"T","data":{"branch":7}}})");
    BOOST_REQUIRE_EQUAL(response.status, 200);
    const auto& user = *response.body->find("user");
    BOOST_TEST(textAt(user, "lastName") == "T");
    BOOST_TEST(textAt(user, "firstName") == "Tammy");
    BOOST_TEST(textAt(user, "insertInstant") == "1790000000000");
    BOOST_TEST(textAt(user, "lastUpdateInstant") == "1790000001000");
    BOOST_TEST(loginStatus() == 200);
    BOOST_TEST(textAt(*call("PATCH", path, R"({"user":{"data":{"x":1}}})").body, "user", "data") ==
               R"({"x":1})");
    BOOST_TEST(eventTypes() == (std::vector<std::string>{"user.update", "user.update"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(NewPasswordInvalidatesTheOldOneAndRefreshTokens) {
    const auto refreshToken = textAt(loggedIn(), "refreshToken");
    BOOST_TEST(call("PATCH", path, R"({"user":{"password":"another-one"}})").status == 200);
    BOOST_TEST(loginStatus() == 404);
    BOOST_TEST(loginStatus("another-one") == 200);
    BOOST_TEST(callOpenly("POST", "/api/jwt/refresh", R"({"refreshToken":")" + refreshToken + "\"}").status ==
               400);
    BOOST_TEST(onlyCode(call("PATCH", path, R"({"user":{"password":"short"}})")) ==
               "[tooShort]user.password");
    BOOST_TEST(loginStatus("another-one") == 200);
}

BOOST_AUTO_TEST_CASE(NewPasswordPublishesThatItRevokesTheRefreshTokens) {
    loggedIn();
    call("PATCH", path, R"({"user":{"password":"another-one"}})");
    BOOST_TEST(eventTypes() == (std::vector<std::string>{"jwt.refresh-token.revoke", "user.password.update",
                                                         "user.update"}),
               boost::test_tools::per_element());
    const auto revocation = told(events[0]);
    BOOST_TEST(textAt(revocation, "userId") == tellerId);
    BOOST_TEST(!revocation.find("applicationId"));
    const auto update = told(events[1]);
    BOOST_TEST(textAt(update, "user", "id") == tellerId);
    BOOST_TEST(textAt(update, "tenantId") == tenantId);
    BOOST_TEST(textAt(update, "createInstant") == "1790000000000");
    BOOST_TEST(!update.find("user")->find("password"));
}

BOOST_AUTO_TEST_CASE(NewPasswordRevokesNothingIfTheTenantsPolicySaysSo) {
    BOOST_REQUIRE_EQUAL(call("PATCH", std::string("/api/tenant/") + tenantId,
                             R"({"tenant":{"jwtConfiguration":{"refreshTokenRevocationPolicy":)"
                             R"({"onPasswordChanged":false}}}})")
                            .status,
                        200);
    const auto refreshToken = textAt(loggedIn(), "refreshToken");
    events.clear();
    call("PATCH", path, R"({"user":{"password":"another-one"}})");
    BOOST_TEST(eventTypes() == (std::vector<std::string>{"user.password.update", "user.update"}),
               boost::test_tools::per_element());
    BOOST_TEST(callOpenly("POST", "/api/jwt/refresh", R"({"refreshToken":")" + refreshToken + "\"}").status ==
               200);
}

BOOST_AUTO_TEST_CASE(DeletedUsersRefreshTokensAreRevokedFirst) {
    loggedIn();
    callWith("DELETE", path, {{"hardDelete", "true"}});
    BOOST_TEST(eventTypes() == (std::vector<std::string>{"jwt.refresh-token.revoke", "user.delete"}),
               boost::test_tools::per_element());
    BOOST_TEST(textAt(told(events[0]), "userId") == tellerId);
    BOOST_TEST(textAt(told(events[1]), "user", "id") == tellerId);
}

BOOST_AUTO_TEST_CASE(DeactivatedUserIsLockedUntilReactivated) {
    const auto refreshToken = textAt(loggedIn(), "refreshToken");
    const auto response = call("DELETE", path);
    BOOST_TEST(response.status == 200);
    BOOST_TEST(!response.body);
    BOOST_TEST(loginStatus() == 423);
    BOOST_TEST(loginStatus("wrong-password") == 404);
    BOOST_TEST(callOpenly("POST", "/api/jwt/refresh", R"({"refreshToken":")" + refreshToken + "\"}").status ==
               400);
    BOOST_TEST(textAt(*call("GET", path).body, "user", "active") == "false");

    const auto back = callWith("PUT", path, {{"reactivate", "true"}});
    BOOST_TEST(textAt(*back.body, "user", "active") == "true");
    BOOST_TEST(loginStatus() == 200);
    BOOST_TEST(callWith("PUT", path, {}).status == 400);

    BOOST_TEST(eventTypes() == (std::vector<std::string>{"jwt.refresh-token.revoke", "user.deactivate",
                                                         "user.reactivate"}),
               boost::test_tools::per_element());
    const auto event = told(events[1]);
    BOOST_TEST(textAt(event, "user", "id") == tellerId);
    BOOST_TEST(textAt(event, "user", "active") == "false");
    BOOST_TEST(!event.find("user")->find("password"));
}

BOOST_AUTO_TEST_CASE(ChangePublishesAnEvent) {
    call("PATCH", path, R"({"user":{"lastName":"T"}})");
    BOOST_REQUIRE_EQUAL(events.size(), 1U);
    const auto update = told(events[0]);
    BOOST_TEST(textAt(update, "user", "lastName") == "T");
    BOOST_TEST(!update.find("original")->find("lastName"));
}

BOOST_AUTO_TEST_CASE(DeletedUserGets404) {
    BOOST_TEST(callWith("DELETE", path, {{"hardDelete", "true"}}).status == 200);
    BOOST_TEST(loginStatus() == 404);
    BOOST_TEST(call("GET", path).status == 404);
    BOOST_TEST(call("DELETE", path).status == 404);
    BOOST_TEST(callWith("PUT", path, {{"reactivate", "true"}}).status == 404);
    BOOST_REQUIRE_EQUAL(events.size(), 1U);
    BOOST_TEST(events[0].type == "user.delete");
    BOOST_TEST(textAt(told(events[0]), "user", "email") == "teller@example.com");
}

BOOST_AUTO_TEST_SUITE_END()
