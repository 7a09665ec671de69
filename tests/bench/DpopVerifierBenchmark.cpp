#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/security/dpop/DpopVerifier.h"
#include "tests/support/ManualClock.h"
#include "tests/support/ProofRecipe.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;

namespace {

constexpr long long now = 1'790'000'000;
constexpr int count = 20'000;

/// Proofs of the length that clients send, which differ in their jti.
const std::vector<std::string>& proofs() {
    static const auto made = [] {
        std::vector<std::string> texts;
        ProofRecipe recipe(now);
        for (int i = 0; i < count; ++i)
            texts.push_back(
                recipe.claim("jti", quoteJson("6f8a3b1c-0000-4000-8000-" + std::to_string(i))).text());
        return texts;
    }();
    return made;
}

/// OpenSSL's verification of such a proof alone: the bound.
void signatureAlone(benchmark::State& state) {
    const auto& key = TestKey::shared(KeyFamily::p256);
    const SignatureVerifier verifier(Algorithm::es256, key.key());
    const auto& proof = proofs().front();
    const auto text = proof.substr(0, proof.rfind('.'));
    const auto signature = key.sign(Algorithm::es256, text);
    for (auto _ : state) {
        if (!verifier.verify(text, signature)) state.SkipWithError("the signature was refused");
    }
}

/// All checks of a proof whose key is known, each proof once.
void proof(benchmark::State& state) {
    static ManualClock clock;
    const DpopVerifier verifier({}, std::make_shared<ReplayStore>(ReplayStore::Limits{}, 0), nullptr, clock);
    const Confirmation confirmation{
        ProofRecipe::thumbprintOf(TestKey::shared(KeyFamily::p256)), {}, std::make_shared<const BoundKey>()};
    auto next = proofs().begin();
    for (auto _ : state) {
        const auto result = verifier.verify(
            {*next++, ProofRecipe::method, ProofRecipe::uri, ProofRecipe::accessToken}, confirmation);
        if (std::holds_alternative<Refusal>(result)) state.SkipWithError("the proof was refused");
    }
}

}  // namespace

BENCHMARK(signatureAlone)->Iterations(count);
BENCHMARK(proof)->Iterations(count);
