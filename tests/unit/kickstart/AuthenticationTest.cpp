#include "kickstart/Authentication.h"

#include "kickstart/Instant.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;
using Outcome = kickstart::Authentication::Outcome;

namespace {

struct Fixture : tests::ProviderFixture {
    Fixture() {
        createKey("ES256");
        createApplication();
        createTeller();
    }

    Outcome logIn(const std::string& password = "password",
                  const std::string& loginId = "teller@example.com") {
        return provider.authentication()
            .authenticate(*kickstart::Uuid::parse(tenantId), loginId, password)
            .outcome;
    }

    void fail(int times) {
        for (int i = 0; i < times; ++i) {
            BOOST_TEST((logIn("wrong-password") == Outcome::unknown));
        }
    }

    void configure(const std::string& tenant) {
        BOOST_REQUIRE_EQUAL(
            call("PATCH", std::string("/api/tenant/") + tenantId, R"({"tenant":)" + tenant + "}").status,
            200);
    }

    template <typename Change>
    void changeTeller(Change change) {
        provider.directory().change([&](kickstart::DirectoryState& state) {
            change(state.users.at(*kickstart::Uuid::parse(tellerId)));
        });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(AuthenticationTest, Fixture)

BOOST_AUTO_TEST_CASE(KnowsTheRightPasswordAlone) {
    const auto result = provider.authentication().authenticate(*kickstart::Uuid::parse(tenantId),
                                                               "Teller@Example.com", "password");
    BOOST_TEST((result.outcome == Outcome::authenticated));
    BOOST_REQUIRE(result.user);
    BOOST_TEST(result.user->id.toText() == tellerId);
    BOOST_TEST((logIn("Password") == Outcome::unknown));
    BOOST_TEST((logIn("password", "nobody@example.com") == Outcome::unknown));
}

BOOST_AUTO_TEST_CASE(TooManyWrongPasswordsLockForAWhile) {
    fail(5);
    BOOST_TEST((logIn() == Outcome::locked));
    clock.advance(std::chrono::seconds(179));
    BOOST_TEST((logIn() == Outcome::locked));
    clock.advance(std::chrono::seconds(1));
    BOOST_TEST((logIn() == Outcome::authenticated));
}

BOOST_AUTO_TEST_CASE(ALockDoesNotTellWhetherThePasswordWasRight) {
    fail(5);
    BOOST_TEST((logIn("wrong-password") == Outcome::locked));
}

BOOST_AUTO_TEST_CASE(ARightPasswordForgivesTheWrongOnes) {
    fail(4);
    BOOST_TEST((logIn() == Outcome::authenticated));
    fail(4);
    BOOST_TEST((logIn() == Outcome::authenticated));
}

BOOST_AUTO_TEST_CASE(WrongPasswordsCountForAMinute) {
    fail(4);
    clock.advance(std::chrono::seconds(60));
    fail(4);
    BOOST_TEST((logIn() == Outcome::authenticated));
}

BOOST_AUTO_TEST_CASE(TheTenantSaysHowManyAndForHowLong) {
    configure(R"({"failedAuthenticationConfiguration":{"tooManyAttempts":2,"actionDuration":1,)"
              R"("actionDurationUnit":"HOURS"}})");
    fail(2);
    clock.advance(std::chrono::minutes(59));
    BOOST_TEST((logIn() == Outcome::locked));
    clock.advance(std::chrono::minutes(1));
    BOOST_TEST((logIn() == Outcome::authenticated));
}

BOOST_AUTO_TEST_CASE(WithAUserActionALockIsThatAction) {
    configure(R"({"failedAuthenticationConfiguration":{"userActionId":")" + std::string(keyId) + R"("}})");
    fail(5);
    const auto result = provider.authentication().authenticate(*kickstart::Uuid::parse(tenantId),
                                                               "teller@example.com", "password");
    BOOST_TEST((result.outcome == Outcome::prevented));
    BOOST_REQUIRE(result.actionId);
    BOOST_TEST(result.actionId->toText() == keyId);
}

BOOST_AUTO_TEST_CASE(OnlyTheRightPasswordLearnsTheStateOfTheAccount) {
    changeTeller([](kickstart::User& user) { user.passwordChangeRequired = true; });
    BOOST_TEST((logIn() == Outcome::passwordChangeRequired));
    changeTeller([&](kickstart::User& user) { user.expiry = kickstart::instantOf(clock); });
    BOOST_TEST((logIn() == Outcome::expired));
    changeTeller([](kickstart::User& user) { user.active = false; });
    BOOST_TEST((logIn() == Outcome::locked));
    BOOST_TEST((logIn("wrong-password") == Outcome::unknown));
}

BOOST_AUTO_TEST_SUITE_END()
