#include "kickstart/StateFile.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/TemporaryFolder.h"
#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;
using kickstart::StateFault;
using kickstart::StateFile;

namespace {

struct Fixture : tests::ProviderFixture {
    /// A provider that has something of everything.
    void fill() {
        createKey("HS384");
        createApplication(R"({"generateRefreshTokens":true,"allowTokenRefresh":true})");
        createTeller();
        for (const char* algorithm : {"RS256", "ES512", "Ed25519"}) {
            call("POST", "/api/key/generate",
                 R"({"key":{"name":"x","algorithm":")" + std::string(algorithm) + "\"}}");
        }
        call(
            "PATCH", std::string("/api/tenant/") + tenantId,
            R"({"tenant":{"issuer":"here","jwtConfiguration":{"timeToLiveInSeconds":77},"themeId":"t",)"
            R"("failedAuthenticationConfiguration":{"actionDuration":2000000000,"actionDurationUnit":"MONTHS"},)"
            R"("eventConfiguration":{"events":{"user.delete":{"enabled":true}}}}})");
        call("POST", "/api/webhook",
             R"({"webhook":{"url":"http://127.0.0.1:1/","eventsEnabled":{"user.delete":true},)"
             R"("httpAuthenticationUsername":"u","httpAuthenticationPassword":"webhook-password",)"
             R"("signatureConfiguration":{"enabled":true,"signingKeyId":")" +
                 std::string(keyId) + R"("}}})");
        call("POST", "/api/user",
             R"({"user":{"username":"two","password":"password","twoFactor":{"methods":[)"
             R"({"method":"authenticator","secret":"MTIzNDU2Nzg5MDEyMzQ1Njc4OTA="}]}}})");
        call("POST", "/api/tenant", R"({"tenant":{"name":"Another"}})");
        provider.directory().change([](kickstart::DirectoryState& state) {
            for (auto& [id, user] : state.users) {
                if (user.username != "two") continue;
                user.recoveryCodes = {"a", "b"};
                user.twoFactorMethods[0].lastStep = 7;
            }
            kickstart::ApiKey few("few");
            few.restrictTo(kickstart::ApiKey::Permissions{{"/api/user", {"GET"}}});
            few.restrictTo(state.defaultTenantId);
            state.apiKeys.push_back(few);
            state.users.at(*kickstart::Uuid::parse(tellerId)).expiry = 1'890'000'000'000;
            auto& teller = state.users.at(*kickstart::Uuid::parse(tellerId));
            teller.lockedUntil = 1'700'000'000'000;
            teller.verifiedInstant = 0;
            teller.registrations.begin()->second.verified = false;
        });
    }

    std::string textOf() const {
        std::ifstream stream(file);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    void write(const std::string& text) {
        std::ofstream(file) << text;
        std::filesystem::permissions(file, std::filesystem::perms(0600));
    }

    std::string fault() {
        try {
            StateFile(file).read();
        } catch (const StateFault& caught) {
            const std::string text = caught.what();
            BOOST_TEST(text.starts_with(file + ": "), text);
            return text.substr(std::min(text.size(), file.size() + 2));
        }
        return "no fault";
    }

    void save() {
        provider.directory().read(
            [&](const kickstart::DirectoryState& state) { StateFile(file).write(state); });
    }

    tests::TemporaryFolder folder;
    const std::string file = folder.file("state.json");
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(StateFileTest, Fixture)

BOOST_AUTO_TEST_CASE(ThereIsNoStateBeforeTheFirstOne) {
    BOOST_TEST(!StateFile(file).read());
}

BOOST_AUTO_TEST_CASE(EverythingComesBack) {
    fill();
    const auto refreshToken = textAt(loggedIn(), "refreshToken");
    const auto token = textAt(loggedIn(), "token");
    save();
    const auto before = textOf();
    auto state = StateFile(file).read();
    BOOST_REQUIRE(state);
    std::filesystem::remove(file);
    StateFile(file).write(*state);
    BOOST_TEST(textOf() == before);

    kickstart::IdentityProvider again(std::move(*state), clock, generate, settings());
    const auto ask = [&](kickstart::ApiRequest request) {
        request.origin = "http://localhost:9011";
        return again.apis().answer(request);
    };
    BOOST_TEST(ask({"POST", "/api/login", loginBody(), apiKey}).status == 200);
    BOOST_TEST(ask({"POST", "/api/login", loginBody("teller@example.com", "passwore"), apiKey}).status ==
               404);
    BOOST_TEST(ask({"GET", "/api/jwt/validate", "", "Bearer " + token}).status == 200);
    BOOST_TEST(ask({"POST", "/api/jwt/refresh", R"({"refreshToken":")" + refreshToken + "\"}"}).status ==
               200);
    BOOST_TEST(ask({"GET", std::string("/api/user/") + tellerId, "", "few"}).status == 200);
    BOOST_TEST(ask({"DELETE", std::string("/api/user/") + tellerId, "", "few"}).status == 401);
    for (const auto& path :
         {std::string("/.well-known/jwks.json"), std::string("/.well-known/openid-configuration"),
          std::string("/api/tenant/") + tenantId, std::string("/api/application"), std::string("/api/key"),
          std::string("/api/webhook"), std::string("/api/jwt/public-key")}) {
        BOOST_TEST(ask({"GET", path, "", apiKey}).body->toText() == call("GET", path).body->toText(), path);
    }
}

BOOST_AUTO_TEST_CASE(OnlyItsOwnerMayReadIt) {
    save();
    struct stat status {};
    BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 07777) == 0600U);
    std::filesystem::permissions(file, std::filesystem::perms(0640));
    BOOST_TEST(fault().find("others than its owner may read") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(NoPasswordAndNoRefreshTokenStandsInIt) {
    fill();
    const auto refreshToken = textAt(loggedIn(), "refreshToken");
    save();
    BOOST_TEST(textOf().find(refreshToken) == std::string::npos);
    BOOST_TEST(textOf().find(R"("password":"password")") == std::string::npos);
    BOOST_TEST(textOf().find(apiKey) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(ABrokenFileSaysWhereAndWhy) {
    write("{\n  \"version\": }");
    BOOST_TEST(fault().starts_with("2:14: "));
    write("[]");
    BOOST_TEST(fault() == "a state file is a JSON object");
    write("{}");
    BOOST_TEST(fault().find("version: must be") != std::string::npos);
    write("");
    BOOST_TEST(fault() == "cannot be read, or is empty");

    fill();
    loggedIn();
    save();
    const auto good = textOf();
    const auto with = [&](const std::string& old, const std::string& replacement) {
        auto text = good;
        const auto at = text.find(old);
        BOOST_REQUIRE_MESSAGE(at != std::string::npos, old);
        write(text.replace(at, old.size(), replacement));
        return fault();
    };
    BOOST_TEST(
        with(R"("algorithm":"RS256")", R"("algorithm":"none")").find("].algorithm: is none that is known") !=
        std::string::npos);
    BOOST_TEST(with("pbkdf2-sha512$1$", "plain$1$").find("users[0].password: is no password hash") !=
               std::string::npos);
    BOOST_TEST(
        with(R"("email":"teller@example.com")", R"("email":7)").find("users[0].email: must be a string") !=
        std::string::npos);
    BOOST_TEST(with(R"("keys":[{)", R"("keys":[7,{)").find("keys[0]: must be an object") !=
               std::string::npos);
    BOOST_TEST(with(R"("keys":[)", R"("keyz":[)").find("refers to nothing in this file") !=
               std::string::npos);
    BOOST_TEST(
        with(R"("defaultTenantId":"d7)", R"("defaultTenantId":"e7)").find("defaultTenantId: no tenant") !=
        std::string::npos);
    write(good);
    BOOST_TEST(fault() == "no fault");
}

BOOST_AUTO_TEST_CASE(TwoProcessesCannotShareIt) {
    const StateFile first(file);
    BOOST_TEST(fault() == "another process uses this state file");
}

BOOST_AUTO_TEST_CASE(ChangesAreInTheFileWhenTheyAreAnswered) {
    StateFile kept(file);
    provider.directory().keepWith([&](const kickstart::DirectoryState& state) { kept.write(state); });
    call("POST", "/api/user", R"({"user":{"email":"new@example.com","password":"password"}})");
    BOOST_TEST(textOf().find("new@example.com") != std::string::npos);
    BOOST_TEST(!std::filesystem::exists(file + ".new"));
}

BOOST_AUTO_TEST_CASE(AChangeThatCouldNotBeReadAgainIsNotMade) {
    save();
    StateFile kept(file, {textOf().size() + 1024, 40, 100'000});
    provider.directory().keepWith([&](const kickstart::DirectoryState& state) { kept.write(state); });
    const auto before = textOf();
    const auto create = [&](std::size_t length) {
        return call("POST", "/api/user",
                    R"({"user":{"username":"new","password":"password","fullName":")" +
                        std::string(length, 'x') + "\"}}");
    };
    BOOST_CHECK_EXCEPTION(create(1024), StateFault, [&](const StateFault& fault) {
        const std::string text = fault.what();
        return text.starts_with(file + ": would have ") && text.find(" that are read again") < text.size();
    });
    BOOST_TEST(textOf() == before);
    BOOST_TEST(callWith("GET", "/api/user", {{"username", "new"}}).status == 404);
    BOOST_TEST(create(1).status == 200);
    BOOST_TEST(kept.read().has_value());
}

BOOST_AUTO_TEST_CASE(ATooLargeFileSaysSo) {
    save();
    const auto size = textOf().size();
    BOOST_CHECK_EXCEPTION(
        StateFile(file, {size - 1, 40, 100'000}).read(), StateFault, [&](const StateFault& fault) {
            return fault.what() == file + ": " + std::to_string(size) + " octets, more than the " +
                                       std::to_string(size - 1) + " that are read";
        });
}

BOOST_AUTO_TEST_CASE(TheDeepestBodyComesBack) {
    fill();
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    const std::vector<std::string> bodies{R"({"user":{"data":{"a":)" + nested(29) + "}}}",
                                          R"({"tenant":{"data":{"a":)" + nested(29) + "}}}",
                                          R"({"application":{"data":{"a":)" + nested(29) + "}}}"};
    BOOST_TEST(call("PATCH", std::string("/api/user/") + tellerId, bodies[0]).status == 200);
    BOOST_TEST(call("PATCH", std::string("/api/tenant/") + tenantId, bodies[1]).status == 200);
    BOOST_TEST(call("PATCH", std::string("/api/application/") + applicationId, bodies[2]).status == 200);
    BOOST_TEST(call("PATCH", std::string("/api/user/registration/") + tellerId,
                    R"({"registration":{"applicationId":")" + std::string(applicationId) +
                        R"(","data":{"a":)" + nested(29) + "}}}")
                   .status == 200);
    auto login = loginBody();
    login.back() = ',';
    loggedIn(login + R"("metaData":{"device":)" + nested(30) + "}}");
    save();
    BOOST_TEST(fault() == "no fault");
}

BOOST_AUTO_TEST_CASE(AnExpiredRefreshTokenGoesWithItsUser) {
    createKey("ES256");
    createApplication(R"({"generateRefreshTokens":true,"allowTokenRefresh":true})");
    createTeller();
    loggedIn();
    clock.advance(std::chrono::hours(24 * 365));
    BOOST_TEST(callWith("DELETE", std::string("/api/user/") + tellerId, {{"hardDelete", "true"}}).status ==
               200);
    save();
    BOOST_TEST(fault() == "no fault");
}

BOOST_AUTO_TEST_CASE(AWebhookComesBackAsItWasShown) {
    const auto created =
        call("POST", "/api/webhook",
             R"({"webhook":{"url":"http://127.0.0.1:1/","id":"x","insertInstant":"y","lastUpdateInstant":0,)"
             R"("httpAuthenticationUsername":"u","httpAuthenticationPassword":"p"}})");
    BOOST_REQUIRE_EQUAL(created.status, 200);
    save();
    BOOST_REQUIRE_EQUAL(fault(), "no fault");
    const auto state = *StateFile(file).read();
    BOOST_REQUIRE_EQUAL(state.webhooks.size(), 1U);
    const auto& webhook = state.webhooks.begin()->second;
    BOOST_TEST(webhook.toJson().toText() == created.body->find("webhook")->toText());
    BOOST_REQUIRE_EQUAL(webhook.headers.size(), 1U);
    BOOST_TEST(webhook.headers[0].first == "Authorization");
}

BOOST_AUTO_TEST_CASE(AFolderThatIsGoneStopsIt) {
    BOOST_CHECK_THROW(StateFile(folder.file("nowhere/state.json")), StateFault);
    StateFile kept(folder.file("state.json"));
    std::filesystem::create_directory(file + ".new");
    provider.directory().read(
        [&](const kickstart::DirectoryState& state) { BOOST_CHECK_THROW(kept.write(state), StateFault); });
}

BOOST_AUTO_TEST_SUITE_END()
