#include "kickstart/VerificationApi.h"

#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::OAuthFixture {
    Fixture() { createOAuthApplication(); }

    void configureTenant(const std::string& emailConfiguration) {
        BOOST_REQUIRE_EQUAL(call("PATCH", std::string("/api/tenant/") + tenantId,
                                 R"({"tenant":{"emailConfiguration":)" + emailConfiguration + "}}")
                                .status,
                            200);
    }

    void configureApplication(const std::string& members) {
        BOOST_REQUIRE_EQUAL(call("PATCH", std::string("/api/application/") + applicationId,
                                 R"({"application":)" + members + "}")
                                .status,
                            200);
    }

    kickstart::ApiAnswer login() { return call("POST", "/api/login", loginBody()); }

    kickstart::ApiAnswer verify(const std::string& what, const std::string& body) {
        return callOpenly("POST", "/api/user/verify-" + what, body);
    }

    static std::string withId(const std::string& id, const std::string& code = "") {
        return R"({"verificationId":")" + id + R"(","oneTimeCode":")" + code + "\"}";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(VerificationApiTest, Fixture)

BOOST_AUTO_TEST_CASE(WithoutAnyRequirementEverythingIsVerified) {
    createTeller();
    const auto answer = login();
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(textAt(*answer.body, "user", "verified") == "true");
    BOOST_TEST(textAt(claimsOf(textAt(*answer.body, "token")), "email_verified") == "true");
}

BOOST_AUTO_TEST_CASE(AnAddressThatIsNotVerifiedIs212) {
    configureTenant(R"({"verifyEmail":true})");
    createTeller();
    recordEvents();
    const auto answer = login();
    BOOST_TEST(answer.status == 212);
    BOOST_TEST(textAt(*answer.body, "user", "verified") == "false");
    BOOST_TEST(!answer.body->find("user")->find("verifiedInstant"));
    BOOST_TEST(!answer.body->find("emailVerificationId"));
    BOOST_TEST(textAt(claimsOf(textAt(*answer.body, "token")), "email_verified") == "false");

    const auto begun = callWith("PUT", "/api/user/verify-email",
                                {{"email", "teller@example.com"}, {"sendVerifyEmail", "false"}});
    BOOST_REQUIRE_EQUAL(begun.status, 200);
    clock.advance(std::chrono::seconds(1));
    BOOST_TEST(verify("email", withId(keyId)).status == 404);
    BOOST_TEST(verify("email", withId(textAt(*begun.body, "verificationId"))).status == 200);
    BOOST_TEST(eventTypes().back() == "user.email.verified");
    BOOST_TEST(verify("email", withId(textAt(*begun.body, "verificationId"))).status == 404);
    const auto after = login();
    BOOST_TEST(after.status == 200);
    BOOST_TEST(textAt(*after.body, "user", "verifiedInstant") == "1790000001000");
    BOOST_TEST(textAt(claimsOf(textAt(*after.body, "token")), "email_verified") == "true");
}

BOOST_AUTO_TEST_CASE(ForAFormTheLoginGivesTheIdAndTheCodeIsNeeded) {
    configureTenant(R"({"verifyEmail":true,"verificationStrategy":"FormField"})");
    createTeller();
    const auto fromLogin = textAt(*login().body, "emailVerificationId");
    const auto code = provider.directory().read([](const kickstart::DirectoryState& state) {
        return state.users.at(*kickstart::Uuid::parse(tellerId)).verification->code;
    });
    BOOST_TEST(code.size() == 6U);
    BOOST_TEST(code.find_first_not_of("0123456789") == std::string::npos);
    BOOST_TEST(verify("email", withId(fromLogin)).status == 404);
    BOOST_TEST(verify("email", withId(fromLogin, code + "0")).status == 404);
    BOOST_TEST(verify("email", withId(fromLogin, code)).status == 200);
}

BOOST_AUTO_TEST_CASE(CodesCannotBeGuessed) {
    configureTenant(R"({"verifyEmail":true,"verificationStrategy":"FormField"})");
    createTeller();
    const auto begun = callWith("PUT", "/api/user/verify-email", {{"email", "teller@example.com"}});
    const auto id = textAt(*begun.body, "verificationId");
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(verify("email", withId(id, "guess")).status == 404);
    }
    BOOST_TEST(verify("email", withId(id, textAt(*begun.body, "oneTimeCode"))).status == 404);
}

BOOST_AUTO_TEST_CASE(AnIdIsGoodForItsTime) {
    configureTenant(R"({"verifyEmail":true})");
    call("PATCH", std::string("/api/tenant/") + tenantId,
         R"({"tenant":{"externalIdentifierConfiguration":{"emailVerificationIdTimeToLiveInSeconds":10}}})");
    createTeller();
    const auto begun = callWith("PUT", "/api/user/verify-email", {{"email", "teller@example.com"}});
    clock.advance(std::chrono::seconds(10));
    BOOST_TEST(verify("email", withId(textAt(*begun.body, "verificationId"))).status == 404);
}

BOOST_AUTO_TEST_CASE(TheHolderOfAnApiKeyMaySkipIt) {
    configureTenant(R"({"verifyEmail":true})");
    createTeller();
    const auto body = R"({"userId":")" + std::string(tellerId) + "\"}";
    BOOST_TEST(verify("email", body).status == 401);
    BOOST_TEST(call("POST", "/api/user/verify-email", body).status == 200);
    BOOST_TEST(login().status == 200);
    const auto skipped =
        call("POST", "/api/user",
             R"({"skipVerification":true,"user":{"email":"a@example.com","password":"password"}})");
    BOOST_TEST(textAt(*skipped.body, "user", "verified") == "true");
    const auto nameless = call("POST", "/api/user", R"({"user":{"username":"a","password":"password"}})");
    BOOST_TEST(textAt(*nameless.body, "user", "verified") == "true");
    BOOST_TEST(onlyCode(call("POST", "/api/user/verify-email", "{}")) == "[blank]verificationId");
    BOOST_TEST(onlyCode(callWith("PUT", "/api/user/verify-email", {})) == "[blank]email");
    BOOST_TEST(callWith("PUT", "/api/user/verify-email", {{"email", "nobody@example.com"}}).status == 404);
    BOOST_TEST(callOpenly("PUT", "/api/user/verify-email").status == 401);
}

BOOST_AUTO_TEST_CASE(ANewAddressIsVerifiedAnew) {
    configureTenant(R"({"verifyEmail":true})");
    createTeller();
    call("POST", "/api/user/verify-email", R"({"userId":")" + std::string(tellerId) + "\"}");
    recordEvents();
    const auto path = std::string("/api/user/") + tellerId;
    BOOST_TEST(textAt(*call("PATCH", path, R"({"user":{"lastName":"T"}})").body, "user", "verified") ==
               "true");
    BOOST_TEST(textAt(*call("PATCH", path, R"({"user":{"email":"new@example.com"}})").body, "user",
                      "verified") == "false");
    BOOST_REQUIRE_EQUAL(events.size(), 3U);
    BOOST_TEST(events[1].type == "user.email.update");
    BOOST_TEST(textAt(events[1].toJson(), "event", "previousEmail") == "teller@example.com");
    BOOST_TEST(textAt(events[2].toJson(), "event", "original", "email") == "teller@example.com");
}

BOOST_AUTO_TEST_CASE(TheLoginPageLetsNobodyThroughWhereItIsAGate) {
    configureTenant(R"({"verifyEmail":true})");
    createTeller();
    BOOST_TEST(redirected(submit(authorize())).text("userState") == "AuthenticatedNotVerified");
    cookies.clear();
    configureTenant(R"({"unverified":{"behavior":"Gated"}})");
    const auto answer = submit(authorize());
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.body.find("has to be verified first") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(ARegistrationThatIsNotVerifiedIs213) {
    configureApplication(R"({"verifyRegistration":true})");
    createTeller();
    recordEvents();
    const auto answer = login();
    BOOST_TEST(answer.status == 213);
    BOOST_TEST(textAt(answer.body->find("user")->find("registrations")->array()->at(0), "verified") ==
               "false");
    BOOST_TEST(!answer.body->find("registrationVerificationId"));
    BOOST_TEST(redirected(submit(authorize())).text("userState") == "AuthenticatedRegistrationNotVerified");
    const std::multimap<std::string, std::string> whose{{"email", "teller@example.com"},
                                                        {"applicationId", applicationId}};
    const auto begun = callWith("PUT", "/api/user/verify-registration", whose);
    BOOST_REQUIRE_EQUAL(begun.status, 200);
    BOOST_TEST(verify("registration", withId(keyId)).status == 404);
    BOOST_TEST(verify("registration", withId(textAt(*begun.body, "verificationId"))).status == 200);
    BOOST_TEST(eventTypes().back() == "user.registration.verified");
    BOOST_TEST(login().status == 200);
    BOOST_TEST(onlyCode(verify("registration", "{}")) == "[blank]verificationId");
    BOOST_TEST(onlyCode(callWith("PUT", "/api/user/verify-registration",
                                 {{"email", "teller@example.com"}})) == "[blank]applicationId");
    BOOST_TEST(callWith("PUT", "/api/user/verify-registration",
                        {{"email", "teller@example.com"}, {"applicationId", keyId}})
                   .status == 404);
}

BOOST_AUTO_TEST_CASE(ForAFormTheLoginGivesTheIdOfTheRegistration) {
    configureApplication(R"({"verifyRegistration":true,"verificationStrategy":"FormField"})");
    createTeller();
    const auto id = textAt(*login().body, "registrationVerificationId");
    BOOST_TEST(verify("registration", withId(id)).status == 404);
    const auto code = provider.directory().read([](const kickstart::DirectoryState& state) {
        return state.users.at(*kickstart::Uuid::parse(tellerId))
            .registrations.at(*kickstart::Uuid::parse(applicationId))
            .verification->code;
    });
    BOOST_TEST(verify("registration", withId(id, code)).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
