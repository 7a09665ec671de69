#include "changebank/security/dpop/DpopVerifier.h"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <vector>

#include "tests/support/FakeSharedReplays.h"
#include "tests/support/ManualClock.h"
#include "tests/support/ProofRecipe.h"
#include "tests/unit/security/dpop/Rfc9449.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

constexpr long long now = 1'790'000'000;

struct Fixture {
    Confirmation confirmationOf(const TestKey& key) const {
        return {ProofRecipe::thumbprintOf(key), {}, std::make_shared<const BoundKey>()};
    }

    std::variant<DpopVerifier::Verified, Refusal> verify(const std::string& proof) {
        return DpopVerifier(policy, replays, nonces, clock)
            .verify({proof, ProofRecipe::method, ProofRecipe::uri, ProofRecipe::accessToken}, confirmation);
    }

    /// The name of the cause, or "good".
    std::string resultOf(const std::string& proof) {
        const auto result = verify(proof);
        const auto* refusal = std::get_if<Refusal>(&result);
        return refusal ? std::string(traitsOf(refusal->cause).name) : "good";
    }

    DpopPolicy policy;
    ManualClock clock;
    std::shared_ptr<ReplayStore> replays =
        std::make_shared<ReplayStore>(ReplayStore::Limits{6400, 6400}, 1'500'000'000);
    std::shared_ptr<const DpopNonces> nonces;
    Confirmation confirmation = confirmationOf(TestKey::shared(KeyFamily::p256));
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DpopVerifierTest, Fixture)

BOOST_AUTO_TEST_CASE(aGoodProofIsGoodOnce) {
    const auto proof = ProofRecipe(now).text();
    BOOST_TEST(resultOf(proof) == "good");
    BOOST_TEST(resultOf(proof) == "dpop_replayed");
    // The same jti in another proof is a replay as well, but not with another target.
    BOOST_TEST(resultOf(ProofRecipe(now).claim("iat", std::to_string(now)).claim("x", "1").text()) ==
               "dpop_replayed");
    BOOST_TEST(resultOf(ProofRecipe(now).claim("jti", R"("two")").text()) == "good");
}

BOOST_AUTO_TEST_CASE(theRequestOfRfc9449) {
    ManualClock then(Clock::Wall(1562262620s));
    const DpopVerifier verifier(policy, replays, nullptr, then);
    const Confirmation bound{rfc9449::thumbprint, {}, std::make_shared<const BoundKey>()};
    const DpopVerifier::Request request{
        rfc9449::figure13, "GET", "https://resource.example.org/protectedresource", rfc9449::accessToken};
    BOOST_TEST(std::holds_alternative<DpopVerifier::Verified>(verifier.verify(request, bound)));
    const auto again = verifier.verify(request, bound);
    BOOST_TEST((std::get<Refusal>(again).cause == Cause::dpopReplayed));
}

BOOST_AUTO_TEST_CASE(theCheapChecksComeFirst) {
    const auto& stranger = TestKey::generate(KeyFamily::p256);
    using Fault = std::pair<std::string, std::function<void(ProofRecipe&)>>;
    const std::vector<Fault> faults{
        {"dpop_header_unexpected", [](ProofRecipe& recipe) { recipe.header("typ", R"("JWT")"); }},
        {"dpop_claim_missing", [](ProofRecipe& recipe) { recipe.without("jti"); }},
        {"dpop_key_mismatch", [&](ProofRecipe& recipe) { recipe.header("jwk", stranger.jwk()); }},
        {"dpop_timestamp_failed", [](ProofRecipe& recipe) { recipe.claim("iat", "1"); }},
        {"dpop_claim_unexpected", [](ProofRecipe& recipe) { recipe.claim("htm", R"("POST")"); }},
        {"dpop_claim_unexpected", [](ProofRecipe& recipe) { recipe.claim("htu", R"("https://x/")"); }},
        {"dpop_claim_unexpected", [](ProofRecipe& recipe) { recipe.forToken("other"); }}};
    for (std::size_t i = 0; i < faults.size(); ++i) {
        ProofRecipe recipe(now);
        for (std::size_t j = i; j < faults.size(); ++j)
            faults[j].second(recipe);
        // With a wrong signature, too.
        BOOST_TEST(resultOf(recipe.signedBy(stranger)) == faults[i].first, i);
    }
    nonces = std::make_shared<const DpopNonces>(std::string(32, 's'), 300s);
    BOOST_TEST(resultOf(ProofRecipe(now).signedBy(stranger)) == "dpop_signature_invalid");
    BOOST_TEST(resultOf(ProofRecipe(now).text()) == "dpop_nonce_missing");
}

// Else whoever sees a jti could use it up.
BOOST_AUTO_TEST_CASE(aRefusedProofUsesNothingUp) {
    const auto stranger = TestKey::generate(KeyFamily::p256);
    BOOST_TEST(resultOf(ProofRecipe(now).signedBy(stranger)) == "dpop_signature_invalid");
    BOOST_TEST(resultOf(ProofRecipe(now).forToken("other").text()) == "dpop_claim_unexpected");
    nonces = std::make_shared<const DpopNonces>(std::string(32, 's'), 300s);
    BOOST_TEST(resultOf(ProofRecipe(now).text()) == "dpop_nonce_missing");
    nonces = nullptr;
    BOOST_TEST(replays->counters().entries == 0U);
    BOOST_TEST(resultOf(ProofRecipe(now).text()) == "good");
}

BOOST_AUTO_TEST_CASE(theKeyIsBuiltOnce) {
    BOOST_TEST(confirmation.key->get() == nullptr);
    BOOST_TEST(resultOf(ProofRecipe(now).text()) == "good");
    const auto* key = confirmation.key->get();
    BOOST_TEST(key != nullptr);
    // Whatever else the header says.
    BOOST_TEST(resultOf(ProofRecipe(now).claim("jti", R"("two")").header("kid", R"("k1")").text()) == "good");
    BOOST_TEST(confirmation.key->get() == key);
    // The list of algorithms may have changed since.
    policy.algorithms = {Algorithm::ed25519};
    BOOST_TEST(resultOf(ProofRecipe(now).claim("jti", R"("three")").text()) == "dpop_algorithm_not_allowed");
}

BOOST_AUTO_TEST_CASE(oneKeyServesSeveralAlgorithms) {
    const auto& key = TestKey::shared(KeyFamily::rsa);
    confirmation = confirmationOf(key);
    BOOST_TEST(resultOf(ProofRecipe(now, key).header("alg", R"("RS256")").text(Algorithm::rs256)) == "good");
    BOOST_TEST(resultOf(ProofRecipe(now, key)
                            .header("alg", R"("PS256")")
                            .claim("jti", R"("two")")
                            .text(Algorithm::ps256)) == "good");
}

// RFC 9449 sections 8, 8.2 and 9.
BOOST_AUTO_TEST_CASE(aNonceIsGivenAndReplacedInTime) {
    nonces = std::make_shared<const DpopNonces>(std::string(32, 's'), 300s);
    const auto refused = std::get<Refusal>(verify(ProofRecipe(now).text()));
    BOOST_TEST((refused.cause == Cause::dpopNonceMissing));
    const auto first = refused.dpopNonce;
    BOOST_TEST(first.size() == 43U);
    const auto with = [&](const std::string& nonce, const std::string& id) {
        const auto made = std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch());
        return verify(
            ProofRecipe(made.count()).claim("nonce", quoteJson(nonce)).claim("jti", quoteJson(id)).text());
    };
    BOOST_TEST(std::get<DpopVerifier::Verified>(with(first, "a")).nextNonce.empty());
    BOOST_TEST((std::get<Refusal>(with("wrong", "b")).cause == Cause::dpopNonceMissing));
    clock.advance(300s);
    const auto second = std::get<DpopVerifier::Verified>(with(first, "c")).nextNonce;
    BOOST_TEST(second.size() == 43U);
    BOOST_TEST(second != first);
    BOOST_TEST(std::get<DpopVerifier::Verified>(with(second, "d")).nextNonce.empty());
    clock.advance(300s);
    const auto gone = std::get<Refusal>(with(first, "e"));
    BOOST_TEST((gone.cause == Cause::dpopNonceMissing));
    BOOST_TEST(gone.dpopNonce != second);
}

BOOST_AUTO_TEST_CASE(aFullStoreIsNotTheCallersFault) {
    replays = std::make_shared<ReplayStore>(ReplayStore::Limits{6400, 64}, 0);
    std::string last;
    for (int i = 0; i < 400 && last != "dpop_too_many"; ++i)
        last = resultOf(ProofRecipe(now).claim("jti", std::to_string(i).insert(0, "\"") + "\"").text());
    BOOST_TEST(last == "dpop_too_many");
    BOOST_TEST(traitsOf(Cause::dpopTooMany).status == 429);
    replays = std::make_shared<ReplayStore>(ReplayStore::Limits{64, 6400}, 0);
    last.clear();
    for (int i = 0; i < 100 && last != "dpop_store_full"; ++i)
        last = resultOf(ProofRecipe(now).claim("jti", std::to_string(i).insert(0, "\"") + "\"").text());
    BOOST_TEST(last == "dpop_store_full");
    BOOST_TEST(isOurFault(Cause::dpopStoreFull));
}

// What was used before the start nobody knows.
BOOST_AUTO_TEST_CASE(proofsFromBeforeTheStartAreRefused) {
    replays = std::make_shared<ReplayStore>(ReplayStore::Limits{6400, 6400}, now);
    BOOST_TEST(resultOf(ProofRecipe(now - 1).text()) == "dpop_timestamp_failed");
    BOOST_TEST(resultOf(ProofRecipe(now).text()) == "good");
}

// As long as a server accepts the proof whose clock is behind by the leeway.
BOOST_AUTO_TEST_CASE(aUseIsSharedForAsLongAsTheProofIsGood) {
    const auto store = std::make_shared<FakeSharedReplays>();
    const auto lifetimeOf = [&](long long issuedAt) {
        const DpopVerifier verifier(policy, replays, nonces, clock, ReplaySharing{store, false});
        const auto proof = ProofRecipe(issuedAt).claim("jti", quoteJson(std::to_string(issuedAt))).text();
        auto result = verifier.verify(
            {proof, ProofRecipe::method, ProofRecipe::uri, ProofRecipe::accessToken}, confirmation);
        auto& shared = std::get<DpopVerifier::Verified>(result).sharedUse;
        BOOST_REQUIRE(shared.has_value());
        static_cast<void>(shared->begin([] {}));
        return store->uses.back().lifetime;
    };
    BOOST_TEST((lifetimeOf(now) == 90s));
    BOOST_TEST((lifetimeOf(now + 15) == 105s));
    BOOST_TEST((lifetimeOf(now - 60) == 30s));
    policy.leeway = 0s;
    BOOST_TEST((lifetimeOf(now - 59) == 1s));
    clock.advance(500ms);
    BOOST_TEST((lifetimeOf(now - 58) == 1500ms));
    clock.advance(1250ms);
    BOOST_TEST((lifetimeOf(now - 57) == 1250ms));
    BOOST_TEST(!std::get<DpopVerifier::Verified>(verify(ProofRecipe(now).text())).sharedUse.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
