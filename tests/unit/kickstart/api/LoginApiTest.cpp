#include "changebank/kickstart/api/Apis.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::ProviderFixture {
    Fixture() { createKey(); }

    tests::Answer login(const std::string& body = loginBody()) { return call("POST", "/api/login", body); }
};

const Json& member(const Json& object, const char* name) {
    const auto* found = object.find(name);
    BOOST_REQUIRE_MESSAGE(found, name << " is missing");
    return *found;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(LoginApiTest, Fixture)

BOOST_AUTO_TEST_CASE(RegisteredUserGetsTokenAndUser) {
    createApplication();
    createTeller();
    clock.advance(std::chrono::milliseconds(1234));
    const auto response = login();
    BOOST_TEST(response.status == 200);
    const auto& token = *member(*response.body, "token").string();
    BOOST_TEST(member(*response.body, "tokenExpirationInstant").number()->text == "1790000601234");
    BOOST_REQUIRE_EQUAL(response.cookies.size(), 1U);
    BOOST_TEST(response.cookies[0] == "access_token=" + token + "; Path=/; Secure; HttpOnly");

    const auto& user = member(*response.body, "user");
    BOOST_TEST(*member(user, "id").string() == tellerId);
    BOOST_TEST(*member(user, "email").string() == "teller@example.com");
    BOOST_TEST(*member(user, "firstName").string() == "Tammy");
    BOOST_TEST(*member(user, "active").boolean());
    BOOST_TEST(member(user, "insertInstant").number()->text == "1790000000000");
    BOOST_TEST(member(user, "lastLoginInstant").number()->text == "1790000001234");
    BOOST_TEST(!user.find("password"));
    const auto& registration = member(user, "registrations").array()->at(0);
    BOOST_TEST(*member(registration, "applicationId").string() == applicationId);
    BOOST_TEST(*member(registration, "roles").array()->at(0).string() == "teller");
    BOOST_TEST(member(registration, "lastLoginInstant").number()->text == "1790000001234");

    const auto jws = verified(token);
    const auto claims = *Json::parse(jws.payload);
    BOOST_TEST(*member(claims, "iss").string() == "acme.com");
    BOOST_TEST(*member(claims, "sub").string() == tellerId);
    BOOST_TEST(*member(claims, "tid").string() == tenantId);
    BOOST_TEST(*member(claims, "aud").string() == applicationId);
    BOOST_TEST(*member(claims, "roles").array()->at(0).string() == "teller");
    BOOST_TEST(member(claims, "iat").number()->text == "1790000001");
    BOOST_TEST(member(claims, "exp").number()->text == "1790000601");
}

BOOST_AUTO_TEST_CASE(EveryLoginGetsANewToken) {
    createApplication();
    createTeller();
    const auto one = *Json::parse(verified(*member(*login().body, "token").string()).payload);
    const auto other = *Json::parse(verified(*member(*login().body, "token").string()).payload);
    BOOST_TEST(*member(one, "jti").string() != *member(other, "jti").string());
}

BOOST_AUTO_TEST_CASE(EmailAddressIsCaseInsensitive) {
    createApplication();
    createTeller();
    BOOST_TEST(login(loginBody("Teller@Example.COM")).status == 200);
}

BOOST_AUTO_TEST_CASE(WrongPasswordAndUnknownUserGetTheSameEmpty404) {
    createApplication();
    createTeller();
    for (const auto& body : {loginBody("teller@example.com", "Password"), loginBody("nobody@example.com"),
                             loginBody("teller@example.com", "password "), loginBody("teller@example.co")}) {
        const auto response = login(body);
        BOOST_TEST(response.status == 404, body);
        BOOST_TEST(!response.body);
        BOOST_TEST(response.cookies.empty());
    }
}

BOOST_AUTO_TEST_CASE(WithoutRequiredApiKeyGetsEmpty401) {
    createApplication();
    createTeller();
    for (const auto& key : {std::optional<std::string>(), std::optional<std::string>("wrong"),
                            std::optional<std::string>(std::string("Bearer ") + apiKey)}) {
        const auto response =
            provider.apis().handle({"POST", "/api/login", loginBody(), key, std::nullopt, ""});
        BOOST_TEST(response.status == 401);
        BOOST_TEST(!response.body);
    }
}

BOOST_AUTO_TEST_CASE(ApplicationCanAllowLoginWithoutApiKey) {
    createApplication(R"({"requireAuthentication":false})");
    createTeller();
    BOOST_TEST(callOpenly("POST", "/api/login", loginBody()).status == 200);
    BOOST_TEST(callOpenly("POST", "/api/login", loginBody("nobody@example.com")).status == 404);
    const auto elsewhere = R"({"loginId":"teller@example.com","password":"password"})";
    BOOST_TEST(callOpenly("POST", "/api/login", elsewhere).status == 401);
}

BOOST_AUTO_TEST_CASE(WithoutARegistrationItIs202AndNoRoles) {
    createApplication();
    createTeller();
    const auto created =
        call("POST", "/api/user/registration",
             R"({"user":{"username":"boss","password":"password"},"registration":{"applicationId":")" +
                 std::string(kickstart::administrationApplicationId) + R"(","roles":["admin"]}})");
    BOOST_REQUIRE_EQUAL(created.status, 200);
    const auto response = login(loginBody("boss"));
    BOOST_TEST(response.status == 202);
    BOOST_TEST(*member(member(*response.body, "user"), "username").string() == "boss");
    const auto claims = *Json::parse(verified(*member(*response.body, "token").string()).payload);
    BOOST_TEST(!claims.find("roles"));
    BOOST_TEST(!claims.find("applicationId"));
    BOOST_TEST(*member(claims, "preferred_username").string() == "boss");
}

BOOST_AUTO_TEST_CASE(WithoutAnApplicationTheTenantDecides) {
    createApplication();
    createTeller();
    const auto response = login(R"({"loginId":"teller@example.com","password":"password"})");
    BOOST_TEST(response.status == 200);
    BOOST_TEST(member(*response.body, "tokenExpirationInstant").number()->text == "1790003600000");
    const auto claims = *Json::parse(verified(*member(*response.body, "token").string()).payload);
    BOOST_TEST(!claims.find("aud"));
    BOOST_TEST(!claims.find("roles"));
}

BOOST_AUTO_TEST_CASE(NoJwtMeansNoTokenAndNoCookie) {
    createApplication();
    createTeller();
    auto body = loginBody();
    body.insert(1, R"("noJWT":true,)");
    const auto response = login(body);
    BOOST_TEST(response.status == 200);
    BOOST_TEST(!response.body->find("token"));
    BOOST_TEST(!response.body->find("tokenExpirationInstant"));
    BOOST_TEST(response.body->find("user"));
    BOOST_TEST(response.cookies.empty());
}

BOOST_AUTO_TEST_CASE(MalformedRequestNamesTheField) {
    createApplication();
    const std::string application = R"("applicationId":")" + std::string(applicationId) + "\"";
    BOOST_TEST(onlyCode(login(R"({"password":"password",)" + application + "}")) == "[blank]loginId");
    BOOST_TEST(onlyCode(login(R"({"loginId":"x",)" + application + "}")) == "[blank]password");
    BOOST_TEST(onlyCode(login(R"({"loginId":"x","password":"",)" + application + "}")) == "[blank]password");
    BOOST_TEST(onlyCode(login(R"({"loginId":7,"password":"x",)" + application + "}")) ==
               "[couldNotConvert]loginId");
    BOOST_TEST(onlyCode(login(R"({"loginId":"x","password":"x","applicationId":"x"})")) ==
               "[couldNotConvert]applicationId");
    BOOST_TEST(onlyCode(login(R"({"loginId":"x","password":"x","applicationId":")" + std::string(tellerId) +
                              "\"}")) == "[invalid]applicationId");
    BOOST_TEST(onlyCode(login("{\"loginId\":")) == "[invalidJSON]");
    BOOST_TEST(login("").status == 400);
    BOOST_TEST(login("[]").status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
