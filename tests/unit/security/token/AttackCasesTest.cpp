#include "tests/support/AttackCases.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "changebank/security/token/TokenValidator.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TokenRecipe.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;

BOOST_AUTO_TEST_SUITE(AttackCasesTest)

// The same list goes through the running daemon in tests/integration.
BOOST_AUTO_TEST_CASE(everyAttackGetsItsExpectedResponse) {
    constexpr long long now = 1'790'000'000;
    const AttackKeys keys;
    const auto parsed = JwkSet::parse(keys.document());
    ManualClock clock;
    TokenPolicy policy;
    policy.issuer = TokenRecipe::issuer;
    policy.audiences = {TokenRecipe::audience};
    policy.algorithms = AlgorithmSet::parse(attackAlgorithms).value();
    TokenValidator validator(
        policy, std::make_shared<FixedKeySource>(std::get<std::shared_ptr<const JwkSet>>(parsed)),
        std::make_shared<VerifiedTokenCache>(100), 1, clock);

    std::set<int> numbers;
    for (const auto& attack : attackCases(keys, now, "http://127.0.0.1:1/jwks.json")) {
        BOOST_TEST_CONTEXT(attack.number << ": " << attack.name) {
            numbers.insert(attack.number);
            // Twice, so that a token cached by the first call is checked as well.
            for (int look = 0; look < 2; ++look) {
                auto result = validator.validate(attack.token);
                if (const auto* principal = std::get_if<std::shared_ptr<const Principal>>(&result);
                    principal && !(*principal)->hasAnyOf({"teller"})) {
                    result = Refusal{Cause::roleMissing};
                }
                const auto* refusal = std::get_if<Refusal>(&result);
                BOOST_TEST((refusal ? traitsOf(refusal->cause).status : 200) == attack.status);
                if (!refusal) continue;
                BOOST_TEST(traitsOf(refusal->cause).code == attack.code);
                BOOST_TEST(refusal->message() == attack.message);
            }
        }
    }
    // Those of the list that a token alone makes; the others are of the wire and of the key server.
    BOOST_TEST(numbers.size() >= 60U);
}

BOOST_AUTO_TEST_SUITE_END()
