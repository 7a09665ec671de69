#include "kickstart/oauth/AuthorizationCodes.h"

#include <boost/test/unit_test.hpp>

#include <string>

#include "tests/support/ManualClock.h"

using namespace changebank::kickstart;

namespace {

struct Fixture {
    AuthorizationGrant grant() const {
        AuthorizationGrant grant{
            application, user,   "http://localhost:3000", *Scopes::parse("openid"), "nonce", std::nullopt,
            1,           session};
        return grant;
    }
    std::string issue() { return codes.issue(grant(), std::chrono::seconds(30)); }
    bool isGood(const std::string& code) {
        return std::holds_alternative<AuthorizationGrant>(codes.redeem(code));
    }
    bool isReused(const std::string& code) {
        return std::holds_alternative<AuthorizationCodes::Reused>(codes.redeem(code));
    }

    const Uuid application = Uuid::random();
    const Uuid user = Uuid::random();
    const Uuid session = Uuid::random();
    changebank::tests::ManualClock clock;
    AuthorizationCodes codes{clock, 3};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(AuthorizationCodesTest, Fixture)

BOOST_AUTO_TEST_CASE(ACodeGivesItsGrantOnce) {
    const auto code = issue();
    BOOST_TEST(code.size() == 43U);
    BOOST_TEST(code != issue());
    const auto redeemed = codes.redeem(code);
    BOOST_REQUIRE(std::holds_alternative<AuthorizationGrant>(redeemed));
    BOOST_TEST(std::get<AuthorizationGrant>(redeemed).redirectUri == "http://localhost:3000");
    BOOST_TEST(isReused(code));
    BOOST_TEST(isReused(code));
}

BOOST_AUTO_TEST_CASE(ACodeIsGoodForItsLifetime) {
    const auto code = issue();
    const auto late = issue();
    clock.advance(std::chrono::milliseconds(29'999));
    BOOST_TEST(isGood(code));
    clock.advance(std::chrono::milliseconds(1));
    BOOST_TEST(!isGood(late));
    BOOST_TEST(!isGood("unknown"));
    BOOST_TEST(!isGood(""));
}

BOOST_AUTO_TEST_CASE(AReuseTellsWhatTheCodeGave) {
    const auto code = issue();
    codes.redeem(code);
    const auto refreshToken = Uuid::random();
    BOOST_TEST(codes.noteRefreshToken(code, refreshToken));
    clock.advance(std::chrono::seconds(599));
    const auto redeemed = codes.redeem(code);
    BOOST_REQUIRE(std::holds_alternative<AuthorizationCodes::Reused>(redeemed));
    BOOST_TEST((std::get<AuthorizationCodes::Reused>(redeemed).refreshTokenId == refreshToken));
}

// The second use may come before the first one has yielded its tokens.
BOOST_AUTO_TEST_CASE(AReuseIsToldToAUseThatIsStillUnderWay) {
    const auto code = issue();
    codes.redeem(code);
    codes.redeem(code);
    BOOST_TEST(!codes.noteRefreshToken(code, Uuid::random()));
}

BOOST_AUTO_TEST_CASE(CodesAreForgottenInTheEnd) {
    const auto code = issue();
    codes.redeem(code);
    clock.advance(AuthorizationCodes::memory);
    BOOST_TEST(!isReused(code));
}

BOOST_AUTO_TEST_CASE(TheOldestMakesRoom) {
    const auto first = issue();
    const auto second = issue();
    for (int i = 2; i <= 3; ++i) {
        issue();
    }
    BOOST_TEST(!isGood(first));
    BOOST_TEST(isGood(second));
}

BOOST_AUTO_TEST_SUITE_END()
