#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "changebank/handlers/decision/IdentityTokens.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;

namespace {

/// What an identity token adds to a decision.
void identityToken(benchmark::State& state, KeyFamily family) {
    const auto signer = std::make_shared<const TokenSigner>(
        std::get<TokenSigner>(TokenSigner::fromPem(TestKey::shared(family).privatePem())));
    const handlers::IdentityTokens tokens(
        {.issuer = "https://gate.example.com", .audience = "https://orders.example.com", .keys = {signer}});
    const Principal principal{.subject = "00000000-0000-0000-0000-000000000001",
                              .roles = {"teller", "customer"},
                              .issuer = "http://localhost:9011",
                              .scopes = {"orders:read"}};
    for (auto _ : state)
        benchmark::DoNotOptimize(tokens.tokenFor(principal));
    state.SetItemsProcessed(state.iterations());
}

}  // namespace

BENCHMARK_CAPTURE(identityToken, ES256, KeyFamily::p256);
BENCHMARK_CAPTURE(identityToken, ES384, KeyFamily::p384);
BENCHMARK_CAPTURE(identityToken, ES512, KeyFamily::p521);
BENCHMARK_CAPTURE(identityToken, Ed25519, KeyFamily::ed25519);
BENCHMARK_CAPTURE(identityToken, RS256, KeyFamily::rsa);
