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

template <typename Result>
std::string outcome(const Result& result) {
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
    std::optional<VerificationResult> resultWithoutWaiting(std::string_view token) {
        if (auto result = validator.lookUp(token)) return result;
        auto verified = validator.verify(token);
        if (std::holds_alternative<TokenValidator::KeyFetchNeeded>(verified)) return std::nullopt;
        return std::get<VerificationResult>(std::move(verified));
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

/// A validator that asks a list of revocations.
struct RevocationFixture : Fixture {
    RevocationFixture() {
        script->answerDocument(documentWith(rsa(), "k1"));
        start();
    }

    std::string judge(const std::string& token) { return outcome(judging.validate(token)); }

    /// What becomes of a token that is accepted at first, once there is a revocation; the same from the cache
    /// and without.
    std::string judgedAfter(const Revocation& revocation, const std::string& token) {
        const auto own = std::make_shared<RevocationList>(RevocationList::Limits{}, clock);
        const auto ownCache = std::make_shared<VerifiedTokenCache>(100);
        TokenValidator cached(policy(), source, ownCache, 1, clock, own);
        TokenValidator plain(policy(), source, nullptr, 1, clock, own);
        if (outcome(cached.validate(token)) != "accepted") return "not accepted at first";
        own->add(revocation);
        const auto result = outcome(cached.validate(token));
        return outcome(plain.validate(token)) == result ? result : "not the same without a cache";
    }

    /// The tokens that the tests have differ from that one, which has all claims that revocations are for.
    TokenRecipe recipe = TokenRecipe(now)
                             .claim("sub", R"("u")")
                             .claim("sid", R"("s")")
                             .claim("tid", R"("t")")
                             .claim("applicationId", quoteJson(TokenRecipe::audience));
    std::string ours = recipe.signedBy(rsa());
    std::shared_ptr<RevocationList> revocations =
        std::make_shared<RevocationList>(RevocationList::Limits{}, clock);
    TokenValidator judging{policy(), source, cache, 2, clock, revocations};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(TokenValidatorTest, Fixture)

BOOST_AUTO_TEST_CASE(aGoodTokenIsAcceptedAndCached) {
    script->answerDocument(documentWith(rsa(), "k1"));
    start();
    const auto first = validator.validate(good);
    BOOST_TEST(outcome(first) == "accepted");
    const auto second = resultWithoutWaiting(good).value();
    BOOST_TEST(std::get<0>(first).get() == &std::get<0>(second)->principal);
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
    std::shared_ptr<const KeySnapshot> refetch(FetchReason why, std::uint64_t) override {
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
    std::shared_ptr<const KeySnapshot> refetch(FetchReason, std::uint64_t) override {
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
        const auto* result = std::get_if<VerificationResult>(&verified);
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

BOOST_FIXTURE_TEST_CASE(aCachedTokenDiesWithARevocation, RevocationFixture) {
    BOOST_TEST(judge(ours) == "accepted");
    BOOST_TEST(judge(ours) == "accepted");
    BOOST_TEST(cache->counters().hits == 1U);
    revocations->add({.user = "someone else", .issuedUpTo = now});
    BOOST_TEST(judge(ours) == "accepted");
    revocations->add({.user = "u", .issuedUpTo = now});
    BOOST_TEST(outcome(judging.lookUp(ours).value()) == "revoked");
    BOOST_TEST(judge(ours) == "revoked");
    BOOST_TEST(cache->counters().hits == 4U);
    const auto refusal = std::get<Refusal>(judging.validate(ours));
    BOOST_TEST(traitsOf(refusal.cause).status == 401);
    BOOST_TEST(traitsOf(refusal.cause).code == "ERR_JWT_REVOKED");
    // Who has no list of revocations does not ask for it.
    BOOST_TEST(outcome(validator.validate(ours)) == "accepted");
}

// Also one that is not in the cache any more.
BOOST_FIXTURE_TEST_CASE(anAcceptedTokenCanBeCheckedAgain, RevocationFixture) {
    TokenValidator uncached{policy(), source, nullptr, 2, clock, revocations};
    const auto verified = uncached.verify(ours);
    const auto token = std::get<std::shared_ptr<const VerifiedToken>>(std::get<VerificationResult>(verified));
    const auto checked = [&] {
        const auto refusal = uncached.checkAgain(*token);
        return refusal ? std::string(traitsOf(refusal->cause).name) : "accepted";
    };
    BOOST_TEST(checked() == "accepted");
    revocations->setAvailable(false);
    BOOST_TEST(checked() == "revocations_unavailable");
    revocations->setAvailable(true);
    revocations->add({.user = "u", .issuedUpTo = now});
    BOOST_TEST(checked() == "revoked");
    clock.advance(24h);
    BOOST_TEST(checked() == "expired");
}

BOOST_FIXTURE_TEST_CASE(aRevokedTokenIsNotCached, RevocationFixture) {
    revocations->add({.session = "s", .issuedUpTo = now});
    const auto fetches = script->begun();
    BOOST_TEST(judge(ours) == "revoked");
    BOOST_TEST(judge(ours) == "revoked");
    BOOST_TEST(cache->counters().entries == 0U);
    // No key can change that.
    BOOST_TEST(script->begun() == fetches);
    // Whether a token was revoked is told to nobody who cannot show that it is genuine.
    auto forged = ours;
    forged[forged.rfind('.') + 1] = forged[forged.rfind('.') + 1] == 'A' ? 'B' : 'A';
    BOOST_TEST(judge(forged) == "signature_invalid");
}

BOOST_FIXTURE_TEST_CASE(tokensOfAfterTheRevocationPass, RevocationFixture) {
    const auto issuedAt = [this](const std::string& time) {
        return TokenRecipe(recipe).claim("iat", time).signedBy(rsa());
    };
    const auto before = issuedAt(std::to_string(now - 11));
    const auto at = issuedAt(std::to_string(now - 10));
    const auto withFraction = issuedAt(std::to_string(now - 10) + ".5");
    const auto after = issuedAt(std::to_string(now - 9));
    const auto undated = TokenRecipe(recipe).without("iat").signedBy(rsa());
    const auto negative = issuedAt("-1");
    for (int round = 0; round < 2; ++round) {
        if (round == 0) {
            for (const auto& token : {before, at, withFraction, after, undated, negative})
                BOOST_TEST(judge(token) == "accepted");
            revocations->add({.user = "u", .issuedUpTo = now - 10});
        }
        for (const auto& token : {before, at, withFraction, undated, negative})
            BOOST_TEST(judge(token) == "revoked");
        BOOST_TEST(judge(after) == "accepted");
        cache = std::make_shared<VerifiedTokenCache>(100);
    }
    revocations->add({.user = "u", .issuedUpTo = now - 9});
    BOOST_TEST(judge(after) == "revoked");
    BOOST_TEST(judge(ours) == "accepted");
}

BOOST_FIXTURE_TEST_CASE(eachKindOfRevocationConcernsItsTokens, RevocationFixture) {
    const std::string client = TokenRecipe::audience;
    const auto of = [](Revocation revocation) {
        revocation.issuedUpTo = now;
        return revocation;
    };
    for (const auto& revocation :
         {of({.session = "s"}), of({.user = "u"}), of({.user = "u", .application = client}),
          of({.application = client}), of({.application = client, .tenant = "t"})}) {
        BOOST_TEST(judgedAfter(revocation, ours) == "revoked", revocation.toJson());
        auto earlier = revocation;
        earlier.issuedUpTo = now - 1;
        BOOST_TEST(judgedAfter(earlier, ours) == "accepted", earlier.toJson());
    }
    for (const auto& other :
         {of({.session = "S"}), of({.session = "u"}), of({.user = "s"}), of({.user = "u "}),
          of({.user = "U"}), of({.user = client}), of({.user = "u", .application = "other"}),
          of({.user = "other", .application = client}), of({.user = "t", .application = client}),
          of({.application = "u"}), of({.application = "t"}), of({.application = client, .tenant = "T"}),
          of({.application = client, .tenant = "u"}), of({.application = "t", .tenant = client})})
        BOOST_TEST(judgedAfter(other, ours) == "accepted", other.toJson());
}

BOOST_FIXTURE_TEST_CASE(anApplicationIsThatOfAudAndApplicationId, RevocationFixture) {
    const std::string client = TokenRecipe::audience;
    const auto token = [this](const std::string& audience, const std::string& application) {
        return TokenRecipe(recipe).claim("aud", audience).claim("applicationId", application).signedBy(rsa());
    };
    const auto several = token("[\"x\"," + quoteJson(client) + ",\"y\"]", R"("z")");
    for (const std::string& name : {std::string("x"), std::string("y"), std::string("z"), client}) {
        BOOST_TEST(judgedAfter({.application = name, .issuedUpTo = now}, several) == "revoked", name);
        BOOST_TEST(judgedAfter({.application = name, .tenant = "t", .issuedUpTo = now}, several) == "revoked",
                   name);
        BOOST_TEST(judgedAfter({.user = "u", .application = name, .issuedUpTo = now}, several) == "revoked",
                   name);
    }
    // Not the audience alone: FusionAuth's tokens may have the one without the other.
    const auto byAudience = TokenRecipe(recipe).without("applicationId").signedBy(rsa());
    BOOST_TEST(judgedAfter({.user = "u", .application = client, .issuedUpTo = now}, byAudience) == "revoked");
    const auto byApplication = token(quoteJson(client), R"("z")");
    BOOST_TEST(judgedAfter({.user = "u", .application = "z", .issuedUpTo = now}, byApplication) == "revoked");
    const auto noText = token(quoteJson(client), R"(["z"])");
    BOOST_TEST(judgedAfter({.user = "u", .application = "z", .issuedUpTo = now}, noText) == "accepted");
}

BOOST_FIXTURE_TEST_CASE(theTenantOfARevocationIsThatOfTheToken, RevocationFixture) {
    const std::string client = TokenRecipe::audience;
    const Revocation ofTenant{.application = client, .tenant = "t", .issuedUpTo = now};
    const Revocation ofAll{.application = client, .issuedUpTo = now};
    const auto elsewhere = TokenRecipe(recipe).claim("tid", R"("t2")").signedBy(rsa());
    const auto nowhere = TokenRecipe(recipe).without("tid").signedBy(rsa());
    BOOST_TEST(judgedAfter(ofTenant, ours) == "revoked");
    for (const auto& other : {elsewhere, nowhere}) {
        BOOST_TEST(judgedAfter(ofTenant, other) == "accepted");
        BOOST_TEST(judgedAfter(ofAll, other) == "revoked");
    }
}

BOOST_FIXTURE_TEST_CASE(theUserOfARevocationIsTheSubjectOrSub, RevocationFixture) {
    auto byMail = policy();
    byMail.claims.subject = ClaimPath("email");
    TokenValidator other(byMail, source, nullptr, 3, clock, revocations);
    const auto token = TokenRecipe(recipe).claim("email", R"("u@example.com")").signedBy(rsa());
    BOOST_TEST(outcome(other.validate(token)) == "accepted");
    revocations->add({.user = "u@example.com", .issuedUpTo = now});
    BOOST_TEST(outcome(other.validate(token)) == "revoked");
    BOOST_TEST(judge(token) == "accepted");
    clock.advance(1s);
    const auto later = TokenRecipe(recipe)
                           .claim("email", R"("u@example.com")")
                           .claim("iat", std::to_string(now + 1))
                           .signedBy(rsa());
    BOOST_TEST(outcome(other.validate(later)) == "accepted");
    revocations->add({.user = "u", .issuedUpTo = now + 1});
    BOOST_TEST(outcome(other.validate(later)) == "revoked");
    // Without a subject there still is `sub`.
    auto anonymous = policy();
    anonymous.claims.subject.reset();
    TokenValidator third(anonymous, source, nullptr, 4, clock, revocations);
    BOOST_TEST(outcome(third.validate(ours)) == "revoked");
}

BOOST_FIXTURE_TEST_CASE(withoutKnowledgeOfRevocationsNoTokenPasses, RevocationFixture) {
    BOOST_TEST(judge(good) == "accepted");
    revocations->setAvailable(false);
    const auto fetches = script->begun();
    for (const auto& token : {good, ours}) {
        const auto verified = judging.verify(token);
        BOOST_REQUIRE(std::holds_alternative<VerificationResult>(verified));
        const auto refusal = std::get<Refusal>(judging.validate(token));
        BOOST_TEST((refusal.cause == Cause::revocationsUnavailable));
        BOOST_TEST(isOurFault(refusal.cause));
        BOOST_TEST((refusal.retryAfter == TokenValidator::revocationsRetryAfter));
    }
    BOOST_TEST(outcome(judging.lookUp(good).value()) == "revocations_unavailable");
    BOOST_TEST(cache->counters().entries == 1U);
    // No key is missing.
    BOOST_TEST(script->begun() == fetches);
    // Callers learn what is wrong with their tokens all the same.
    BOOST_TEST(judge("a.b.c") == outcome(validator.validate("a.b.c")));
    BOOST_TEST(judge(TokenRecipe(recipe).claim("exp", "1").signedBy(rsa())) == "expired");

    revocations->add({.user = "u", .issuedUpTo = now});
    revocations->setAvailable(true);
    BOOST_TEST(judge(good) == "accepted");
    BOOST_TEST(judge(ours) == "revoked");
}

BOOST_FIXTURE_TEST_CASE(aCachedTokenExpiresBeforeItIsRevoked, RevocationFixture) {
    BOOST_TEST(judge(ours) == "accepted");
    revocations->add({.user = "u", .issuedUpTo = now});
    clock.advance(599s);
    BOOST_TEST(judge(ours) == "revoked");
    clock.advance(1s);
    BOOST_TEST(judge(ours) == "expired");
}

BOOST_FIXTURE_TEST_CASE(noRevocationIsForgottenBeforeItsTokens, RevocationFixture) {
    auto limited = policy();
    limited.leeway = 30s;
    limited.maxLifetime = 600s;
    const auto list = std::make_shared<RevocationList>(RevocationList::Limits{100, 630s}, clock);
    TokenValidator strict(limited, source, cache, 3, clock, list);
    const auto longer = TokenRecipe(recipe).claim("exp", std::to_string(now + 601)).signedBy(rsa());
    BOOST_TEST(outcome(strict.validate(longer)) == "lifetime_too_long");
    BOOST_TEST(outcome(strict.validate(ours)) == "accepted");
    list->add({.user = "u", .issuedUpTo = now});
    // The last second in which the token would be accepted.
    clock.advance(629s);
    list->forgetExpired();
    BOOST_TEST(outcome(strict.validate(good)) == "accepted");
    BOOST_TEST(outcome(strict.validate(ours)) == "revoked");
    clock.advance(2s);
    list->forgetExpired();
    BOOST_TEST(list->counters().entries == 0U);
    BOOST_TEST(outcome(strict.validate(ours)) == "expired");
    // Not even if the clock is set back.
    clock.advance(-600s);
    BOOST_TEST(outcome(strict.validate(ours)) == "revoked");
}

BOOST_AUTO_TEST_SUITE_END()
