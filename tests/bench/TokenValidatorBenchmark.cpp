#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "changebank/security/jose/JwsVerification.h"
#include "changebank/security/token/TokenValidator.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TokenRecipe.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;

namespace {

constexpr long long now = 1'790'000'000;

std::string tokenOf(Algorithm algorithm, int number = 0) {
    TokenRecipe recipe(now);
    recipe.header("alg", quoteJson(traitsOf(algorithm).name));
    recipe.claim("jti", "\"" + std::to_string(number) + "\"");
    recipe.claim("email", R"("teller@example.com")");
    return recipe.signedBy(TestKey::shared(traitsOf(algorithm).family), algorithm);
}

TokenValidator validatorFor(Algorithm algorithm, std::shared_ptr<VerifiedTokenCache> cache) {
    static ManualClock clock;
    TokenPolicy policy;
    policy.issuer = TokenRecipe::issuer;
    policy.audiences = {TokenRecipe::audience};
    policy.algorithms = {algorithm};
    const auto& key = TestKey::shared(traitsOf(algorithm).family);
    auto keys = std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(keySetOf({key.jwk(R"("kid":"k1")")})));
    return {policy, std::make_shared<FixedKeySource>(std::move(keys)), std::move(cache), 1, clock};
}

void requireAccepted(benchmark::State& state, const ValidationResult& result) {
    if (std::holds_alternative<Refusal>(result)) state.SkipWithError("the token was refused");
}

/// OpenSSL's verification alone: the bound for a token that was never seen.
void signatureAlone(benchmark::State& state, Algorithm algorithm) {
    const auto& key = TestKey::shared(traitsOf(algorithm).family);
    const SignatureVerifier verifier(algorithm, key.key());
    const std::string text(500, 'x');
    const auto signature = key.sign(algorithm, text);
    for (auto _ : state) {
        if (!verifier.verify(text, signature)) state.SkipWithError("the signature was refused");
    }
    state.SetItemsProcessed(state.iterations());
}

void coldToken(benchmark::State& state, Algorithm algorithm) {
    auto validator = validatorFor(algorithm, nullptr);
    const auto token = tokenOf(algorithm);
    for (auto _ : state)
        requireAccepted(state, validator.validate(token));
    state.SetItemsProcessed(state.iterations());
}

void keptToken(benchmark::State& state) {
    auto validator = validatorFor(Algorithm::rs256, std::make_shared<VerifiedTokenCache>(10'000));
    std::vector<std::string> tokens;
    for (int i = 0; i < state.range(0); ++i)
        tokens.push_back(tokenOf(Algorithm::rs256, i));
    for (const auto& token : tokens)
        requireAccepted(state, validator.validate(token));
    std::size_t next = 0;
    for (auto _ : state) {
        requireAccepted(state, validator.validate(tokens[next]));
        next = next + 1 == tokens.size() ? 0 : next + 1;
    }
    state.SetItemsProcessed(state.iterations());
}

void forgedToken(benchmark::State& state) {
    auto validator = validatorFor(Algorithm::rs256, std::make_shared<VerifiedTokenCache>(10'000));
    const auto token = TokenRecipe(now).signedBy(TestKey::generate(KeyFamily::rsa));
    for (auto _ : state)
        benchmark::DoNotOptimize(validator.validate(token));
    state.SetItemsProcessed(state.iterations());
}

void garbage(benchmark::State& state) {
    auto validator = validatorFor(Algorithm::rs256, nullptr);
    for (auto _ : state)
        benchmark::DoNotOptimize(validator.validate("eyJhbGciOiJub25lIn0.e30."));
    state.SetItemsProcessed(state.iterations());
}

}  // namespace

BENCHMARK_CAPTURE(signatureAlone, RS256, Algorithm::rs256);
BENCHMARK_CAPTURE(signatureAlone, ES256, Algorithm::es256);
BENCHMARK_CAPTURE(signatureAlone, Ed25519, Algorithm::ed25519);
BENCHMARK_CAPTURE(coldToken, RS256, Algorithm::rs256);
BENCHMARK_CAPTURE(coldToken, PS256, Algorithm::ps256);
BENCHMARK_CAPTURE(coldToken, ES256, Algorithm::es256);
BENCHMARK_CAPTURE(coldToken, Ed25519, Algorithm::ed25519);
BENCHMARK(keptToken)->Arg(1)->Arg(1000);
BENCHMARK(forgedToken);
BENCHMARK(garbage);
