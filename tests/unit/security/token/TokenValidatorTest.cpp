#include "changebank/security/token/TokenValidator.h"

#include <Poco/Exception.h>

#include <boost/test/unit_test.hpp>

#include "changebank/security/keys/RemoteJwkSet.h"
#include "tests/support/Eventually.h"
#include "tests/support/ManualClock.h"
#include "tests/support/ScriptedJwksFetcher.h"
#include "tests/support/TokenRecipe.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

constexpr long long now = 1'790'000'000;

const TestKey& rsa() {
    return TestKey::shared(KeyFamily::rsa);
}

TokenPolicy policy() {
    TokenPolicy policy;
    policy.issuer = TokenRecipe::issuer;
    policy.audiences = {TokenRecipe::audience};
    return policy;
}

std::string outcome(const ValidationResult& result) {
    const auto* refusal = std::get_if<Refusal>(&result);
    return refusal ? std::string(traitsOf(refusal->cause).name) : "accepted";
}

struct Fixture {
    Fixture()
        : keys({.maxWaiters = 64, .observer = [this](const RemoteJwkSet::Event&) { ++events; }},
               std::make_unique<ScriptedJwksFetcher>(script), clock) {}

    void start() {
        keys.start();
        BOOST_REQUIRE(eventually([this] { return events > 0; }));
    }

    /// The result without waiting, as the guard asks for it.
    std::optional<ValidationResult> resultWithoutWaiting(std::string_view token) {
        if (auto result = validator.lookUp(token)) return result;
        auto verified = validator.verify(token);
        if (std::holds_alternative<TokenValidator::KeyFetchNeeded>(verified)) return std::nullopt;
        return std::get<ValidationResult>(std::move(verified));
    }

    std::string documentWith(const TestKey& key, const std::string& keyId) const {
        return keySetOf({key.jwk(R"("kid":")" + keyId + "\"")});
    }

    std::atomic<int> events{0};
    std::shared_ptr<FetchScript> script = std::make_shared<FetchScript>();
    ManualClock clock;
    RemoteJwkSet keys;
    std::shared_ptr<KeySource> source{std::shared_ptr<KeySource>(), &keys};
    std::shared_ptr<VerifiedTokenCache> cache = std::make_shared<VerifiedTokenCache>(100);
    TokenValidator validator{policy(), source, cache, 1, clock};
    std::string good = TokenRecipe(now).signedBy(rsa());
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(TokenValidatorTest, Fixture)

BOOST_AUTO_TEST_CASE(aGoodTokenIsAcceptedAndCached) {
    script->answerDocument(documentWith(rsa(), "k1"));
    start();
    const auto first = validator.validate(good);
    BOOST_TEST(outcome(first) == "accepted");
    const auto second = resultWithoutWaiting(good).value();
    BOOST_TEST(std::get<0>(first) == std::get<0>(second));
    BOOST_TEST(cache->counters().hits == 1U);
    const auto third = validator.validate(good);
    BOOST_TEST(std::get<0>(first) == std::get<0>(third));
    BOOST_TEST(cache->counters().hits == 2U);
}

BOOST_AUTO_TEST_CASE(aCachedTokenExpires) {
    script->answerDocument(documentWith(rsa(), "k1"));
    start();
    BOOST_TEST(outcome(validator.validate(good)) == "accepted");
    clock.advance(599s);
    BOOST_TEST(outcome(validator.validate(good)) == "accepted");
    clock.advance(1s);
    BOOST_TEST(outcome(validator.validate(good)) == "expired");
    // The clock was set back: the token is good again, but not before it was issued.
    clock.advance(-600s);
    BOOST_TEST(outcome(validator.validate(good)) == "accepted");
    clock.advance(-1s);
    BOOST_TEST(outcome(validator.validate(good)) == "issued_in_future");
}

BOOST_AUTO_TEST_CASE(aTokenLivesToTheEndOfItsLastSecond) {
    script->answerDocument(documentWith(rsa(), "k1"));
    start();
    clock.advance(599'999ms);
    BOOST_TEST(outcome(validator.validate(good)) == "accepted");
    clock.advance(1ms);
    BOOST_TEST(outcome(validator.validate(good)) == "expired");
    clock.advance(-600'001ms);
    BOOST_TEST(outcome(validator.validate(good)) == "issued_in_future");
}

BOOST_AUTO_TEST_CASE(aRememberedTokenHasTheLeewayOfANewOne) {
    script->answerDocument(documentWith(rsa(), "k1"));
    start();
    auto lenient = policy();
    lenient.leeway = 30s;
    TokenValidator patient(lenient, source, cache, 1, clock);
    BOOST_TEST(outcome(patient.validate(good)) == "accepted");
    clock.advance(629s);
    BOOST_TEST(outcome(patient.validate(good)) == "accepted");
    clock.advance(1s);
    BOOST_TEST(outcome(patient.validate(good)) == "expired");
    clock.advance(-660s);
    BOOST_TEST(outcome(patient.validate(good)) == "accepted");
    clock.advance(-1s);
    BOOST_TEST(outcome(patient.validate(good)) == "issued_in_future");
}

BOOST_AUTO_TEST_CASE(aWithdrawnKeyInvalidatesItsCachedTokens) {
    script->answerDocument(documentWith(rsa(), "k1"));
    start();
    BOOST_TEST(outcome(validator.validate(good)) == "accepted");
    script->answerDocument(documentWith(rsa(), "k2"));
    BOOST_TEST(!keys.refreshNow().has_value());
    BOOST_TEST(outcome(validator.validate(good)) == "no_matching_key");
}

BOOST_AUTO_TEST_CASE(newSettingsIgnoreOldCacheEntries) {
    script->answerDocument(documentWith(rsa(), "k1"));
    start();
    BOOST_TEST(outcome(validator.validate(good)) == "accepted");
    auto changed = policy();
    changed.audiences = {"another"};
    TokenValidator next(changed, source, cache, 2, clock);
    BOOST_TEST(outcome(next.validate(good)) == "claim_unexpected");
    BOOST_TEST(outcome(validator.validate(good)) == "accepted");
}

BOOST_AUTO_TEST_CASE(theFirstRequestWithAFreshKeySucceeds) {
    script->answerDocument(documentWith(rsa(), "k1"));
    start();
    const auto fresh = TestKey::generate(KeyFamily::rsa);
    const auto token = TokenRecipe(now).header("kid", R"("k2")").signedBy(fresh);
    script->answerDocument(keySetOf({rsa().jwk(R"("kid":"k1")"), fresh.jwk(R"("kid":"k2")")}));
    BOOST_TEST(!resultWithoutWaiting(token).has_value());
    BOOST_TEST(outcome(validator.validate(token)) == "accepted");
    BOOST_TEST(outcome(resultWithoutWaiting(token).value()) == "accepted");
}

/// A source whose fetch brings other keys under an unchanged generation, which no real source does. A
/// validator that verifies again although the generation is the same gives itself away by its verdict.
class UnchangedKeySource : public KeySource {
public:
    UnchangedKeySource(std::shared_ptr<const JwkSet> first, std::shared_ptr<const JwkSet> second)
        : _first{std::move(first), 1, Cause::keysUnreachable},
          _second{std::move(second), 1, Cause::keysUnreachable} {}

    std::shared_ptr<const KeySnapshot> current() const override {
        return std::make_shared<const KeySnapshot>(_first);
    }
    bool mayRefetch(FetchReason) const override { return true; }
    std::shared_ptr<const KeySnapshot> refetch(FetchReason why) override {
        reason = why;
        return std::make_shared<const KeySnapshot>(_second);
    }
    std::chrono::seconds retryAfter() const override { return std::chrono::seconds(1); }

    std::optional<FetchReason> reason;

private:
    const KeySnapshot _first;
    const KeySnapshot _second;
};

/// Has no keys at first; a fetch under way brings them before anybody waits for it.
class ArrivingKeySource : public KeySource {
public:
    explicit ArrivingKeySource(std::shared_ptr<const JwkSet> keys) : _arrived{std::move(keys), 1, {}} {}

    void arrive() { _hasArrived = true; }

    std::shared_ptr<const KeySnapshot> current() const override {
        return std::make_shared<const KeySnapshot>(_hasArrived ? _arrived : KeySnapshot{});
    }
    bool mayRefetch(FetchReason) const override { return true; }
    std::shared_ptr<const KeySnapshot> refetch(FetchReason) override {
        ++fetches;
        return current();
    }
    std::chrono::seconds retryAfter() const override { return std::chrono::seconds(1); }

    int fetches = 0;

private:
    const KeySnapshot _arrived;
    bool _hasArrived = false;
};

BOOST_AUTO_TEST_CASE(keysThatCameMeanwhileSaveTheFetch) {
    const auto keySet = std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(documentWith(rsa(), "k1")));
    const auto arriving = std::make_shared<ArrivingKeySource>(keySet);
    TokenValidator cold(policy(), arriving, nullptr, 1, clock);
    const auto ofAnUnknownKey = TokenRecipe(now).header("kid", R"("k2")").signedBy(rsa());
    const auto verified = cold.verify(good);
    const auto verifiedOther = cold.verify(ofAnUnknownKey);
    arriving->arrive();
    BOOST_TEST(outcome(cold.fetchKeysAndVerify(good, std::get<TokenValidator::KeyFetchNeeded>(verified))) ==
               "accepted");
    BOOST_TEST(arriving->fetches == 0);
    BOOST_TEST(outcome(cold.fetchKeysAndVerify(ofAnUnknownKey, std::get<TokenValidator::KeyFetchNeeded>(
                                                                   verifiedOther))) == "no_matching_key");
    BOOST_TEST(arriving->fetches == 1);
}

BOOST_AUTO_TEST_CASE(aFetchThatBringsNoOtherKeysVerifiesNothingAgain) {
    const auto setOf = [](const std::string& document) {
        return std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(document));
    };
    const auto other = TestKey::generate(KeyFamily::rsa);
    for (const auto& [wrong, cause, reason] :
         {std::tuple{setOf(documentWith(other, "k1")), Cause::signatureInvalid,
                     FetchReason::signatureInvalid},
          std::tuple{setOf(documentWith(other, "k2")), Cause::noMatchingKey, FetchReason::keyMissing}}) {
        const auto unchanged = std::make_shared<UnchangedKeySource>(wrong, setOf(documentWith(rsa(), "k1")));
        TokenValidator cold(policy(), unchanged, nullptr, 1, clock);
        const auto verified = cold.verify(good);
        const auto& needed = std::get<TokenValidator::KeyFetchNeeded>(verified);
        BOOST_TEST((needed.reason == reason));
        BOOST_TEST((std::get<Refusal>(cold.fetchKeysAndVerify(good, needed)).cause == cause));
        BOOST_TEST((unchanged->reason == reason));
    }
}

BOOST_AUTO_TEST_CASE(aNewKeyUnderAnOldKeyIdIsFetched) {
    script->answerDocument(documentWith(TestKey::generate(KeyFamily::rsa), "k1"));
    start();
    script->answerDocument(documentWith(rsa(), "k1"));
    BOOST_TEST(outcome(validator.validate(good)) == "accepted");
}

BOOST_AUTO_TEST_CASE(forgedSignaturesCauseFetchesWithinTheBudget) {
    script->answerDocument(documentWith(rsa(), "k1"));
    start();
    const auto forged = TokenRecipe(now).signedBy(TestKey::generate(KeyFamily::rsa));
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST(outcome(validator.validate(forged)) == "signature_invalid");
    BOOST_TEST(script->begun() == 1U + RefreshSchedule::burst);
    BOOST_TEST(outcome(resultWithoutWaiting(forged).value()) == "signature_invalid");
    BOOST_TEST(outcome(resultWithoutWaiting(good).value()) == "accepted");
}

BOOST_AUTO_TEST_CASE(missingKeysAreNotTheCallersFault) {
    script->fail(Cause::keysTimedOut, "late");
    start();
    BOOST_TEST(outcome(validator.validate(good)) == "keys_timed_out");
    BOOST_TEST(outcome(validator.validate("garbage")) == "not_compact");
    script->answerDocument("<html>");
    clock.advance(5s);
    BOOST_REQUIRE(eventually([this] { return keys.current()->cause == Cause::keysNotJson; }));
    BOOST_TEST(outcome(validator.validate(good)) == "keys_not_json");
    script->answerDocument(documentWith(rsa(), "k1"));
    clock.advance(5s);
    BOOST_REQUIRE(eventually([this] { return keys.current()->keys != nullptr; }));
    BOOST_TEST(outcome(validator.validate(good)) == "accepted");
}

BOOST_AUTO_TEST_CASE(aRefusalThatNoKeyCanChangeIsImmediate) {
    script->answerDocument(documentWith(rsa(), "k1"));
    start();
    const auto expired = TokenRecipe(now).claim("exp", "1").signedBy(rsa());
    for (const auto& token : {std::string("a.b.c"), std::string(), expired})
        BOOST_TEST(resultWithoutWaiting(token).has_value());
    BOOST_TEST(script->begun() == 1U);
}

BOOST_AUTO_TEST_CASE(worksWithoutACache) {
    script->answerDocument(documentWith(rsa(), "k1"));
    start();
    TokenValidator plain(policy(), source, nullptr, 1, clock);
    BOOST_TEST(outcome(plain.validate(good)) == "accepted");
    BOOST_TEST(outcome(plain.validate(good)) == "accepted");
}

BOOST_AUTO_TEST_CASE(keysBelongToTheirIssuer) {
    // Both issuers have a key k1, each another one.
    const auto other = TestKey::generate(KeyFamily::rsa);
    const auto setOf = [&](const TestKey& key) {
        return std::make_shared<FixedKeySource>(
            std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(documentWith(key, "k1"))));
    };
    auto second = policy();
    second.issuer = "https://other.example.com";
    TokenValidator both({{"default", policy(), setOf(rsa()), 1}, {"other", second, setOf(other), 2}}, cache,
                        clock);
    const auto tokenOf = [](const std::string& issuer, const TestKey& key) {
        return TokenRecipe(now).claim("iss", quoteJson(issuer)).signedBy(key);
    };
    const auto accepted = both.validate(tokenOf(second.issuer, other));
    BOOST_TEST(outcome(accepted) == "accepted");
    BOOST_TEST(std::get<0>(accepted)->issuer == second.issuer);
    BOOST_TEST(outcome(both.validate(good)) == "accepted");
    BOOST_TEST(outcome(both.validate(tokenOf(second.issuer, rsa()))) == "signature_invalid");
    BOOST_TEST(outcome(both.validate(tokenOf(TokenRecipe::issuer, other))) == "signature_invalid");
    for (const char* issuer : {"https://other.example.com/", "HTTPS://other.example.com", "", "other"})
        BOOST_TEST(outcome(both.validate(tokenOf(issuer, other))) == "claim_unexpected", issuer);
    // From the cache, each under its own issuer.
    BOOST_TEST(std::get<0>(both.validate(tokenOf(second.issuer, other)))->issuer == second.issuer);
    BOOST_TEST(std::get<0>(both.validate(good))->issuer == TokenRecipe::issuer);
    BOOST_TEST(cache->counters().hits == 2U);
}

BOOST_AUTO_TEST_CASE(anUnknownIssuerCostsNeitherASignatureNorAFetch) {
    script->answerDocument(documentWith(rsa(), "k1"));
    start();
    auto second = policy();
    second.issuer = "https://other.example.com";
    TokenValidator both({{"default", policy(), source, 1}, {"other", second, source, 2}}, cache, clock);
    const auto unknown =
        TokenRecipe(now).claim("iss", R"("https://evil.example.com")").header("kid", R"("k9")");
    const auto fetches = script->begun();
    auto forged = unknown.signedBy(rsa());
    forged.back() = forged.back() == 'A' ? 'B' : 'A';
    for (const auto& token :
         {unknown.signedBy(rsa()), forged,
          TokenRecipe(now).claim("iss", R"(["https://other.example.com"])").signedBy(rsa())}) {
        const auto verified = both.verify(token);
        const auto* result = std::get_if<ValidationResult>(&verified);
        BOOST_REQUIRE(result);
        BOOST_TEST(std::get<Refusal>(*result).message() == "unexpected \"iss\" claim value");
    }
    BOOST_TEST(script->begun() == fetches);
}

BOOST_AUTO_TEST_CASE(anOutageOfOneIssuerLeavesTheOthersAlone) {
    script->fail(Cause::keysTimedOut, "late");
    start();
    const auto own = std::make_shared<FixedKeySource>(
        std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(documentWith(rsa(), "k1"))));
    auto second = policy();
    second.issuer = "https://other.example.com";
    TokenValidator both({{"default", policy(), own, 1}, {"other", second, source, 2}}, cache, clock);
    const auto others = TokenRecipe(now).claim("iss", quoteJson(second.issuer)).signedBy(rsa());
    BOOST_TEST(outcome(both.validate(good)) == "accepted");
    BOOST_TEST(outcome(both.validate(others)) == "keys_timed_out");
    const auto refusal = std::get<Refusal>(both.validate(others));
    BOOST_TEST((refusal.retryAfter == source->retryAfter()));
    // Its recovery changes the generation of its own tokens alone.
    const auto hits = cache->counters().hits;
    script->answerDocument(documentWith(rsa(), "k1"));
    clock.advance(5s);
    BOOST_REQUIRE(eventually([this] { return keys.current()->keys != nullptr; }));
    BOOST_TEST(outcome(both.validate(others)) == "accepted");
    BOOST_TEST(outcome(both.validate(good)) == "accepted");
    BOOST_TEST(cache->counters().hits == hits + 1);
}

BOOST_AUTO_TEST_CASE(anotherPolicyOfOneIssuerLeavesTheCachedTokensOfTheOthers) {
    const auto own = std::make_shared<FixedKeySource>(
        std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(documentWith(rsa(), "k1"))));
    auto second = policy();
    second.issuer = "https://other.example.com";
    const auto others = TokenRecipe(now).claim("iss", quoteJson(second.issuer)).signedBy(rsa());
    TokenValidator before({{"default", policy(), own, 1}, {"other", second, own, 2}}, cache, clock);
    BOOST_TEST(outcome(before.validate(good)) == "accepted");
    BOOST_TEST(outcome(before.validate(others)) == "accepted");
    second.audiences = {"another"};
    TokenValidator after({{"default", policy(), own, 1}, {"other", second, own, 3}}, cache, clock);
    BOOST_TEST(outcome(after.validate(good)) == "accepted");
    BOOST_TEST(cache->counters().hits == 1U);
    BOOST_TEST(outcome(after.validate(others)) == "claim_unexpected");
    // In another order, and without the other.
    TokenValidator moved({{"other", second, own, 3}, {"default", policy(), own, 1}}, cache, clock);
    BOOST_TEST(outcome(moved.validate(good)) == "accepted");
    TokenValidator alone({{"default", policy(), own, 1}}, cache, clock);
    BOOST_TEST(outcome(alone.validate(good)) == "accepted");
    BOOST_TEST(cache->counters().hits == 3U);
}

BOOST_AUTO_TEST_CASE(aKeyWithoutAnAlgorithmIsUsedWithOneOnly) {
    const auto own = std::make_shared<FixedKeySource>(
        std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(documentWith(rsa(), "k1"))));
    auto both = policy();
    both.algorithms = {Algorithm::rs256, Algorithm::ps256};
    TokenValidator strict(both, own, nullptr, 1, clock);
    BOOST_TEST(outcome(strict.validate(good)) == "accepted");
    const auto probabilistic = TokenRecipe(now).header("alg", R"("PS256")").signedBy(rsa(), Algorithm::ps256);
    BOOST_TEST(outcome(strict.validate(probabilistic)) == "algorithm_not_allowed");
    both.algorithms = {Algorithm::ps256};
    TokenValidator alone(both, own, nullptr, 1, clock);
    BOOST_TEST(outcome(alone.validate(probabilistic)) == "accepted");
}

BOOST_AUTO_TEST_CASE(issuersMustDiffer) {
    BOOST_CHECK_THROW(TokenValidator({}, nullptr, clock), Poco::InvalidArgumentException);
    BOOST_CHECK_THROW(
        TokenValidator({{"a", policy(), source, 1}, {"b", policy(), source, 2}}, nullptr, clock),
        Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_SUITE_END()
