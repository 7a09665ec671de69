#include "changebank/kickstart/directory/RefreshTokens.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::kickstart;

namespace {

constexpr std::int64_t now = 1'790'000'000'000;
constexpr std::int64_t minute = 60'000;

struct Fixture {
    JwtConfiguration configuration{Uuid::random(), Uuid::random()};
    RefreshTokens tokens;
    RefreshToken token{Uuid::random(), Uuid::random(), Uuid::random(), Uuid::random()};

    Fixture() { configuration.refreshTokenTimeToLiveInMinutes = 10; }

    RefreshTokens::Issued use(const std::string& text, std::int64_t at = now) {
        const auto* found = tokens.find(text, at);
        BOOST_REQUIRE(found);
        return tokens.use(*found, text, configuration);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(RefreshTokensTest, Fixture)

BOOST_AUTO_TEST_CASE(ATokenIsFoundByItsTextUntilItExpires) {
    const auto issued = tokens.issue(token, configuration, now);
    BOOST_TEST(issued.token.size() >= 43U);
    BOOST_TEST((issued.id == token.id));
    BOOST_REQUIRE(tokens.find(issued.token, now));
    BOOST_TEST((tokens.find(issued.token, now)->userId == token.userId));
    BOOST_TEST(tokens.find(issued.token, now + 10 * minute - 1));
    BOOST_TEST(!tokens.find(issued.token, now + 10 * minute));
    BOOST_TEST(!tokens.find(token.id, now + 10 * minute));
    BOOST_TEST(!tokens.find(issued.token + "x", now));
    BOOST_TEST(!tokens.find("", now));
}

BOOST_AUTO_TEST_CASE(TextIsNotStored) {
    const auto issued = tokens.issue(token, configuration, now);
    const auto& kept = *tokens.find(token.id, now);
    BOOST_TEST(kept.digest.find(issued.token) == std::string::npos);
    BOOST_TEST(textOf(kept.toJson()).find(issued.token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(AReusableTokenStaysTheSame) {
    const auto issued = tokens.issue(token, configuration, now);
    BOOST_TEST(use(issued.token).token == issued.token);
    BOOST_TEST(use(issued.token).token == issued.token);
}

BOOST_AUTO_TEST_CASE(AOneTimeTokenIsReplacedAndKeepsItsId) {
    configuration.refreshTokensAreForOneUse = true;
    const auto first = tokens.issue(token, configuration, now);
    const auto second = use(first.token);
    BOOST_TEST(second.token != first.token);
    BOOST_TEST((second.id == first.id));
    BOOST_TEST(!tokens.find(first.token, now));
    BOOST_TEST(use(second.token).token != second.token);
}

BOOST_AUTO_TEST_CASE(UseDoesNotExtendTheLifetime) {
    const auto issued = tokens.issue(token, configuration, now);
    use(issued.token, now + 9 * minute);
    BOOST_TEST(!tokens.find(issued.token, now + 10 * minute));
}

BOOST_AUTO_TEST_CASE(ASelectionFitsEveryMemberThatIsSet) {
    RefreshToken other = token;
    other.id = Uuid::random();
    other.applicationId = Uuid::random();
    tokens.issue(token, configuration, now);
    tokens.issue(other, configuration, now);
    const auto count = [&](const RefreshTokenSelection& selection) {
        return tokens.select(selection, now).size();
    };
    BOOST_TEST(count({}) == 0U);
    BOOST_TEST(count({std::nullopt, token.userId, std::nullopt}) == 2U);
    BOOST_TEST(count({std::nullopt, token.userId, other.applicationId}) == 1U);
    BOOST_TEST(count({std::nullopt, std::nullopt, token.applicationId}) == 1U);
    BOOST_TEST(count({token.id, std::nullopt, std::nullopt}) == 1U);
    BOOST_TEST(count({token.id, std::nullopt, other.applicationId}) == 0U);
    BOOST_TEST(count({.userId = token.userId, .ofTenant = token.tenantId}) == 2U);
    BOOST_TEST(count({.userId = token.userId, .ofTenant = Uuid::random()}) == 0U);
    BOOST_TEST(tokens.select({std::nullopt, token.userId, std::nullopt}, now + 10 * minute).empty());
}

BOOST_AUTO_TEST_CASE(ExpiredTokensAreDeleted) {
    tokens.issue(token, configuration, now);
    token.id = Uuid::random();
    tokens.issue(token, configuration, now + 10 * minute);
    BOOST_TEST(tokens.select({.userId = token.userId}, now).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
