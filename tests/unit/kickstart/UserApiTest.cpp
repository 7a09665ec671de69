#include "kickstart/UserApi.h"

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
    const auto answer =
        call("POST", "/api/user", R"({"user":{"username":"boss","password":"password","data":{"a":1}}})");
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    BOOST_TEST(textAt(*answer.body, "user", "registrations") == "[]");
    BOOST_TEST(call("POST", "/api/login", loginBody("boss")).status == 202);
    BOOST_TEST(onlyCode(call("POST", "/api/user", R"({"user":{"username":"BOSS","password":"password"}})")) ==
               "[duplicate]user.username");
    BOOST_TEST(onlyCode(call("POST", path, R"({"user":{"username":"x","password":"password"}})")) ==
               "[duplicate]userId");
    BOOST_TEST(onlyCode(call("POST", "/api/user", R"({"user":{"username":"x"}})")) == "[blank]user.password");
}

BOOST_AUTO_TEST_CASE(ShowsOneByIdOrName) {
    const auto answer = call("GET", path);
    BOOST_TEST(textAt(*answer.body, "user", "email") == "teller@example.com");
    for (const char* name : {"loginId", "email", "username"}) {
        BOOST_TEST(callWith("GET", "/api/user", {{name, "Teller@example.com"}}).body->toText() ==
                   answer.body->toText());
    }
    BOOST_TEST(callWith("GET", "/api/user", {{"email", "nobody@example.com"}}).status == 404);
    BOOST_TEST(onlyCode(callWith("GET", "/api/user", {})) == "[missing]loginId");
    BOOST_TEST(call("GET", std::string("/api/user/") + keyId).status == 404);
}

BOOST_AUTO_TEST_CASE(APatchChangesWhatItNames) {
    clock.advance(std::chrono::seconds(1));
    const auto answer = call("PATCH", path, R"({"user":{"lastName":"T","data":{"branch":7}}})");
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    const auto& user = *answer.body->find("user");
    BOOST_TEST(textAt(user, "lastName") == "T");
    BOOST_TEST(textAt(user, "firstName") == "Tammy");
    BOOST_TEST(textAt(user, "insertInstant") == "1790000000000");
    BOOST_TEST(textAt(user, "lastUpdateInstant") == "1790000001000");
    BOOST_TEST(loginStatus() == 200);
    BOOST_TEST(textAt(*call("PATCH", path, R"({"user":{"data":{"x":1}}})").body, "user", "data") ==
               R"({"branch":7,"x":1})");
    BOOST_TEST(eventTypes() == (std::vector<std::string>{"user.update", "user.update"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(ANullTakesAMemberAway) {
    call("PATCH", path, R"({"user":{"username":"tammy","expiry":1890000000000,"data":{"a":1,"b":2}}})");
    const auto answer =
        call("PATCH", path, R"({"user":{"email":null,"expiry":null,"firstName":null,"data":{"a":null}}})");
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    const auto& user = *answer.body->find("user");
    for (const char* name : {"email", "expiry", "firstName"}) {
        BOOST_TEST(!user.find(name), name);
    }
    BOOST_TEST(textAt(user, "data") == R"({"b":2})");
    BOOST_TEST(onlyCode(call("PATCH", path, R"({"user":{"username":null}})")) == "[blank]user.email");
}

BOOST_AUTO_TEST_CASE(ANewPasswordEndsTheOldOneAndTheRefreshTokens) {
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

BOOST_AUTO_TEST_CASE(ADeactivatedUserIsLockedUntilReactivated) {
    const auto refreshToken = textAt(loggedIn(), "refreshToken");
    const auto answer = call("DELETE", path);
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(!answer.body);
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
    const auto told = *events[1].toJson().find("event");
    BOOST_TEST(textAt(told, "user", "id") == tellerId);
    BOOST_TEST(textAt(told, "user", "active") == "false");
    BOOST_TEST(told.toText().find("pbkdf2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(APutReplacesAllButPasswordAndRegistrations) {
    const auto answer = call("PUT", path, R"({"user":{"email":"new@example.com","lastName":"T"}})");
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    const auto& user = *answer.body->find("user");
    BOOST_TEST(textAt(user, "email") == "new@example.com");
    BOOST_TEST(!user.find("firstName"));
    BOOST_TEST(user.find("registrations")->array()->size() == 1U);
    BOOST_TEST(call("POST", "/api/login", loginBody("new@example.com")).status == 200);
    BOOST_TEST(onlyCode(call("PUT", path, R"({"user":{"firstName":"x"}})")) == "[blank]user.email");
    BOOST_TEST(
        call("PUT", std::string("/api/user/") + keyId, R"({"user":{"email":"x@example.com"}})").status ==
        404);
}

BOOST_AUTO_TEST_CASE(ASearchFindsByIdsAndByText) {
    call("POST", "/api/user",
         R"({"user":{"username":"boss","password":"password","fullName":"Berta Boss"}})");
    call("POST", "/api/user",
         R"({"user":{"email":"a@example.com","password":"password","firstName":"Anna"}})");
    const auto names = [&](const kickstart::ApiAnswer& answer) {
        BOOST_REQUIRE_EQUAL(answer.status, 200);
        std::string found = textAt(*answer.body, "total") + ':';
        for (const auto& user : *answer.body->find("users")->array()) {
            found += ' ' + (user.find("email") ? textAt(user, "email") : textAt(user, "username"));
        }
        return found;
    };
    const auto get = [&](const char* text) {
        return names(callWith("GET", "/api/user/search", {{"queryString", text}}));
    };
    const auto post = [&](const std::string& search) {
        return names(call("POST", "/api/user/search", R"({"search":)" + search + "}"));
    };
    BOOST_TEST(get("*") == "3: a@example.com boss teller@example.com");
    BOOST_TEST(get("EXAMPLE") == "2: a@example.com teller@example.com");
    BOOST_TEST(get("berta*") == "1: boss");
    BOOST_TEST(get("email:ller@") == "1: teller@example.com");
    BOOST_TEST(get("firstName:\"anna\"") == "1: a@example.com");
    BOOST_TEST(get("lastName:anna") == "0:");
    BOOST_TEST(post(R"({"queryString":"*","numberOfResults":1,"startRow":1})") == "3: boss");
    BOOST_TEST(post(R"({"queryString":"*","startRow":0,"numberOfResults":2})") == "3: a@example.com boss");
    BOOST_TEST(post(R"({"ids":[")" + std::string(tellerId) + "\"]}") == "1: teller@example.com");
    BOOST_TEST(names(callWith("GET", "/api/user/search", {{"ids", keyId}, {"ids", tellerId}})) ==
               "1: teller@example.com");
    BOOST_TEST(names(callWith("GET", "/api/user/search", {{"ids", std::string(keyId) + ',' + tellerId}})) ==
               "1: teller@example.com");
    BOOST_TEST(onlyCode(call("POST", "/api/user/search", R"({"search":{"query":"{}"}})")) ==
               "[unsupported]search.query");
    BOOST_TEST(onlyCode(callWith("GET", "/api/user/search", {{"startRow", "x"}})) ==
               "[couldNotConvert]startRow");
    BOOST_TEST(callOpenly("GET", "/api/user/search").status == 401);
}

BOOST_AUTO_TEST_CASE(LoginsAndCompletionsAreTold) {
    BOOST_TEST(loginStatus("wrong-password") == 404);
    BOOST_TEST(loginStatus() == 200);
    call("PATCH", path, R"({"user":{"lastName":"T"}})");
    std::vector<std::string> types;
    for (const auto& event : attendantEvents) {
        types.push_back(event.type);
    }
    BOOST_TEST(types == (std::vector<std::string>{"user.login.failed", "user.login.success",
                                                  "user.update.complete"}),
               boost::test_tools::per_element());
    const auto success = attendantEvents[1].toJson();
    BOOST_TEST(textAt(success, "event", "applicationId") == applicationId);
    BOOST_TEST(textAt(success, "event", "authenticationType") == "PASSWORD");
    BOOST_TEST(textAt(attendantEvents[2].toJson(), "event", "user", "lastName") == "T");
    BOOST_REQUIRE_EQUAL(events.size(), 1U);
    BOOST_TEST(!events[0].toJson().find("event")->find("original")->find("lastName"));
    BOOST_TEST((events[0].id != attendantEvents[2].id));
}

BOOST_AUTO_TEST_CASE(ADeletedUserIsGone) {
    BOOST_TEST(callWith("DELETE", path, {{"hardDelete", "true"}}).status == 200);
    BOOST_TEST(loginStatus() == 404);
    BOOST_TEST(call("GET", path).status == 404);
    BOOST_TEST(call("DELETE", path).status == 404);
    BOOST_TEST(callWith("PUT", path, {{"reactivate", "true"}}).status == 404);
    BOOST_REQUIRE_EQUAL(events.size(), 1U);
    BOOST_TEST(events[0].type == "user.delete");
    BOOST_TEST(textAt(*events[0].toJson().find("event"), "user", "email") == "teller@example.com");
}

BOOST_AUTO_TEST_CASE(AnAccountMayEnd) {
    BOOST_TEST(call("PATCH", path, R"({"user":{"expiry":1790000001000}})").status == 200);
    BOOST_TEST(loginStatus() == 200);
    clock.advance(std::chrono::seconds(1));
    const auto answer = call("POST", "/api/login", loginBody());
    BOOST_TEST(answer.status == 410);
    BOOST_TEST(!answer.body);
}

BOOST_AUTO_TEST_CASE(APasswordThatMustBeChangedIsChangedOnce) {
    call("PATCH", path, R"({"user":{"passwordChangeRequired":true}})");
    const auto answer = call("POST", "/api/login", loginBody());
    BOOST_REQUIRE_EQUAL(answer.status, 203);
    BOOST_TEST(textAt(*answer.body, "changePasswordReason") == "Administrative");
    BOOST_TEST(!answer.body->find("token"));
    BOOST_TEST(answer.cookies.empty());
    const auto change = "/api/user/change-password/" + textAt(*answer.body, "changePasswordId");
    BOOST_TEST(onlyCode(callOpenly("POST", change, "{}")) == "[blank]password");
    BOOST_TEST(callOpenly("POST", change, R"({"password":"another-one"})").status == 200);
    BOOST_TEST(loginStatus("another-one") == 200);
    BOOST_TEST(callOpenly("POST", change, R"({"password":"a-third-one"})").status == 404);
}

BOOST_AUTO_TEST_CASE(TheTimeToChangeAPasswordIsLimited) {
    call("PATCH", path, R"({"user":{"passwordChangeRequired":true}})");
    const auto id = textAt(*call("POST", "/api/login", loginBody()).body, "changePasswordId");
    clock.advance(std::chrono::minutes(10));
    BOOST_TEST(
        callOpenly("POST", "/api/user/change-password/" + id, R"({"password":"another-one"})").status == 404);
}

BOOST_AUTO_TEST_CASE(WhoKnowsThePasswordMayChangeIt) {
    const auto change = [&](const std::string& current) {
        return call("POST", "/api/user/change-password",
                    R"({"loginId":"teller@example.com","password":"another-one","currentPassword":")" +
                        current + "\"}")
            .status;
    };
    BOOST_TEST(change("wrong-password") == 404);
    BOOST_TEST(change("password") == 200);
    BOOST_TEST(loginStatus("another-one") == 200);
}

BOOST_AUTO_TEST_SUITE_END()
