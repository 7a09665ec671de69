#include "kickstart/TwoFactorApi.h"

#include "kickstart/Base32.h"
#include "kickstart/Base64.h"
#include "tests/unit/kickstart/OAuthFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::OAuthFixture {
    Fixture() {
        createOAuthApplication(R"("clientSecret":"the-secret-of-the-client","enabledGrants":["password",)"
                               R"("authorization_code"],"authorizedRedirectURLs":["http://localhost:3000"])");
        createTeller();
    }

    kickstart::ApiAnswer login(const std::string& password = "password") {
        return call("POST", "/api/login", loginBody("teller@example.com", password));
    }

    kickstart::ApiAnswer complete(const std::string& twoFactorId, const std::string& code) {
        return callOpenly("POST", "/api/two-factor/login",
                          R"({"code":")" + code + R"(","twoFactorId":")" + twoFactorId +
                              R"(","applicationId":")" + applicationId + "\"}");
    }

    std::string pending() {
        const auto answer = login();
        BOOST_REQUIRE_EQUAL(answer.status, 242);
        return textAt(*answer.body, "twoFactorId");
    }

    /// The code that the authenticator shows now.
    std::string code() {
        const auto second = std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch());
        return kickstart::TwoFactorMethod::codeAt(secret, second.count());
    }

    kickstart::ApiAnswer enable(const std::string& withCode) {
        return call("POST", path,
                    R"({"code":")" + withCode + R"(","method":"authenticator","secretBase32Encoded":")" +
                        kickstart::encodeBase32(secret) + "\"}");
    }

    const std::string secret = "12345678901234567890";
    const std::string path = std::string("/api/user/two-factor/") + tellerId;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(TwoFactorApiTest, Fixture)

// RFC 6238 appendix B, the last six of its eight digits.
BOOST_AUTO_TEST_CASE(CodesAreThoseOfTheStandard) {
    for (const auto& [second, expected] : {std::pair<std::int64_t, const char*>{59, "287082"},
                                           {1111111109, "081804"},
                                           {1111111111, "050471"},
                                           {1234567890, "005924"},
                                           {2000000000, "279037"},
                                           {20000000000, "353130"}}) {
        BOOST_TEST(kickstart::TwoFactorMethod::codeAt(secret, second) == expected);
    }
}

// RFC 4648 section 10.
BOOST_AUTO_TEST_CASE(Base32IsThatOfTheStandard) {
    for (const auto& [octets, text] :
         {std::pair("", ""), std::pair("f", "MY"), std::pair("fo", "MZXQ"), std::pair("foo", "MZXW6"),
          std::pair("foob", "MZXW6YQ"), std::pair("fooba", "MZXW6YTB"), std::pair("foobar", "MZXW6YTBOI")}) {
        BOOST_TEST(kickstart::encodeBase32(octets) == text);
        BOOST_TEST(kickstart::decodeBase32(text).value() == octets);
    }
    BOOST_TEST(kickstart::decodeBase32("mzxw6===").value() == "foo");
    // Random letters may leave bits behind the last octet.
    BOOST_TEST(kickstart::decodeBase32("MZ").value() == "f");
    for (const char* wrong : {"MZXW1", "MZ XW6", "MZXW6===MZXW6===", "M", "M=======", "MZX", "\xC5\x9A"}) {
        BOOST_TEST(!kickstart::decodeBase32(wrong), wrong);
    }
}

BOOST_AUTO_TEST_CASE(Base64IsStrict) {
    BOOST_TEST(kickstart::decodeBase64("Zm9v").value() == "foo");
    BOOST_TEST(kickstart::decodeBase64("Zg==").value() == "f");
    for (const char* wrong : {"Zg", "Zg=", "Zm 9v", "Zm9v=", "!!!!", "Zm9-"}) {
        BOOST_TEST(!kickstart::decodeBase64(wrong), wrong);
    }
}

BOOST_AUTO_TEST_CASE(ASecretIsForWhoeverIsKnown) {
    const auto answer = call("GET", "/api/two-factor/secret");
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    const auto octets = kickstart::decodeBase64(textAt(*answer.body, "secret"));
    BOOST_REQUIRE(octets);
    BOOST_TEST(octets->size() == 20U);
    BOOST_TEST(kickstart::encodeBase32(*octets) == textAt(*answer.body, "secretBase32Encoded"));
    BOOST_TEST(callOpenly("GET", "/api/two-factor/secret").status == 401);
    BOOST_TEST(callAs(textAt(loggedIn(), "token"), "GET", "/api/two-factor/secret").status == 200);
}

BOOST_AUTO_TEST_CASE(ALoginWithTwoFactorsTakesBoth) {
    recordEvents();
    BOOST_TEST(enable("000000").status == 421);
    const auto enabled = enable(code());
    BOOST_REQUIRE_EQUAL(enabled.status, 200);
    BOOST_TEST(enabled.body->find("recoveryCodes")->array()->size() == 10U);
    BOOST_TEST(eventTypes().back() == "user.two-factor.method.add");
    BOOST_TEST(events.back().toJson().toText().find(kickstart::encodeBase32(secret)) == std::string::npos);

    const auto first = login();
    BOOST_TEST(first.status == 242);
    BOOST_TEST(!first.body->find("token"));
    BOOST_TEST(!first.body->find("user"));
    BOOST_TEST(first.cookies.empty());
    BOOST_TEST(textAt(first.body->find("methods")->array()->at(0), "method") == "authenticator");
    BOOST_TEST(!first.body->find("methods")->array()->at(0).find("secret"));
    const auto id = textAt(*first.body, "twoFactorId");
    // The code that enabled the method is used up.
    BOOST_TEST(complete(id, code()).status == 421);
    clock.advance(std::chrono::seconds(30));
    BOOST_TEST(complete(keyId, code()).status == 404);
    const auto done = complete(id, code());
    BOOST_TEST(done.status == 200);
    BOOST_TEST(textAt(claimsOf(textAt(*done.body, "token")), "sub") == tellerId);
    BOOST_TEST(done.cookies.size() == 1U);
    BOOST_TEST(complete(id, code()).status == 404);
}

BOOST_AUTO_TEST_CASE(ACodeOfTheHalfMinuteBeforeIsTakenAndNoOlderOne) {
    enable(code());
    clock.advance(std::chrono::seconds(60));
    const auto older = code();
    clock.advance(std::chrono::seconds(60));
    BOOST_TEST(complete(pending(), older).status == 421);
    const auto before = code();
    clock.advance(std::chrono::seconds(30));
    BOOST_TEST(complete(pending(), before).status == 200);
}

BOOST_AUTO_TEST_CASE(WrongCodesLockTheUserAndThePasswordDoesNotMakeUpForThem) {
    enable(code());
    clock.advance(std::chrono::seconds(30));
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(complete(pending(), "000000").status == 421);
    }
    BOOST_TEST(login().status == 423);
}

BOOST_AUTO_TEST_CASE(ALoginDoesNotWaitForever) {
    enable(code());
    const auto id = pending();
    clock.advance(std::chrono::seconds(300));
    BOOST_TEST(complete(id, code()).status == 404);
}

BOOST_AUTO_TEST_CASE(ARecoveryCodeIsGoodOnce) {
    const auto enabled = enable(code());
    const auto recovery = *enabled.body->find("recoveryCodes")->array()->at(0).string();
    BOOST_TEST(complete(pending(), recovery).status == 200);
    BOOST_TEST(complete(pending(), recovery).status == 421);
}

BOOST_AUTO_TEST_CASE(AMethodIsTakenAwayForACode) {
    enable(code());
    const auto id = textAt(login().body->find("methods")->array()->at(0), "id");
    clock.advance(std::chrono::seconds(30));
    BOOST_TEST(callWith("DELETE", path, {{"methodId", id}, {"code", "000000"}}).status == 421);
    BOOST_TEST(callWith("DELETE", path, {{"methodId", keyId}, {"code", code()}}).status == 404);
    BOOST_TEST(callWith("DELETE", path, {{"methodId", id}, {"code", code()}}).status == 200);
    BOOST_TEST(login().status == 200);
}

BOOST_AUTO_TEST_CASE(AKickstartMayBringAMethod) {
    const auto user = [&](const std::string& method) {
        return call("POST", "/api/user",
                    R"({"user":{"email":"two@example.com","password":"password","twoFactor":{"methods":[)" +
                        method + "]}}}");
    };
    BOOST_TEST(onlyCode(user(R"({"method":"sms","mobilePhone":"1"})")) == "[invalid]user.twoFactor.methods");
    BOOST_TEST(onlyCode(user(R"({"method":"authenticator","secret":"?"})")) ==
               "[invalid]user.twoFactor.methods");
    const auto created =
        user(R"({"method":"authenticator","secret":")" + kickstart::encodeBase64(secret) + "\"}");
    BOOST_REQUIRE_EQUAL(created.status, 200);
    BOOST_TEST(created.body->toText().find(kickstart::encodeBase64(secret)) == std::string::npos);
    const auto first = call("POST", "/api/login", loginBody("two@example.com"));
    BOOST_TEST(first.status == 242);
    BOOST_TEST(complete(textAt(*first.body, "twoFactorId"), code()).status == 202);
}

BOOST_AUTO_TEST_CASE(TheLoginPageAsksForTheCode) {
    enable(code());
    clock.advance(std::chrono::seconds(30));
    auto page = submit(authorize());
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.body.find("Code of your authenticator") != std::string::npos);
    BOOST_TEST(page.body.find("type=\"password\"") == std::string::npos);
    BOOST_TEST(cookies.count("fusionauth.sso") == 0U);
    const auto type = [&](const std::string& typed, const Fields& changes = {}) {
        auto fields = hiddenFields(page.body);
        fields.emplace_back("code", typed);
        return post("/oauth2/authorize", changed(std::move(fields), changes));
    };
    auto answer = type("000000");
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.body.find("The code is wrong") != std::string::npos);
    for (const auto& id : {std::string(keyId), std::string("x")}) {
        answer = type(code(), {{"twoFactorId", id}});
        BOOST_TEST(answer.body.find("took too long") != std::string::npos);
        BOOST_TEST(answer.body.find("type=\"password\"") != std::string::npos);
    }
    BOOST_TEST(type(code(), {{"csrf_token", "x"}}).status == 403);
    answer = type(' ' + code() + ' ');
    const auto parameters = redirected(answer);
    BOOST_TEST(parameters.text("userState") == "Authenticated");
    BOOST_TEST(cookies.count("fusionauth.sso") == 1U);
    const auto tokens = exchange(parameters.text("code"));
    BOOST_TEST(textAt(claimsOf(memberOf(tokens, "access_token")), "sub") == tellerId);
}

BOOST_AUTO_TEST_CASE(WrongCodesAtTheLoginPageCountForTheAddressToo) {
    enable(code());
    const auto page = submit(authorize());
    call("PATCH", std::string("/api/tenant/") + tenantId,
         R"({"tenant":{"failedAuthenticationConfiguration":{"tooManyAttempts":100}}})");
    auto fields = hiddenFields(page.body);
    fields.emplace_back("code", "000000");
    for (int i = 0; i < 50; ++i) {
        BOOST_TEST_REQUIRE(post("/oauth2/authorize", fields).status == 200);
    }
    BOOST_TEST(post("/oauth2/authorize", fields).status == 429);
}

BOOST_AUTO_TEST_CASE(NoOtherWayInForgetsTheSecondFactor) {
    enable(code());
    const auto granted = token({{"grant_type", "password"},
                                {"client_id", applicationId},
                                {"client_secret", clientSecret},
                                {"username", "teller@example.com"},
                                {"password", "password"}});
    BOOST_TEST(refusalOf(granted) == "400 two_factor_required/multi_factor_challenge_required");
    BOOST_TEST(kickstart::Uuid::parse(memberOf(granted, "two_factor_id")).has_value());
    BOOST_TEST(bodyOf(granted).find("two_factor_methods")->array()->size() == 1U);
    BOOST_TEST(onlyCode(call("POST", "/api/user/change-password",
                             R"({"loginId":"teller@example.com","currentPassword":"password",)"
                             R"("password":"new-password"})")) == "[TrustTokenRequired]");
}

BOOST_AUTO_TEST_SUITE_END()
