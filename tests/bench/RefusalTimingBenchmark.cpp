#include <benchmark/benchmark.h>

#include <string>

#include "changebank/base/text/Base64Url.h"
#include "changebank/security/token/TokenValidator.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TokenRecipe.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;

// What each outcome costs: how much time tells a caller about a token that was refused.

namespace {

constexpr long long now = 1'790'000'000;

const TestKey& key() {
    return TestKey::shared(KeyFamily::rsa);
}

TokenRecipe good() {
    return TokenRecipe(now);
}

/// A good token with one bit of its signature turned over.
std::string withOtherSignature(std::size_t octet) {
    const auto token = good().signedBy(key());
    const auto point = token.rfind('.') + 1;
    auto signature = decodeBase64Url(token.substr(point)).value();
    signature[octet] = static_cast<char>(signature[octet] ^ 1);
    return token.substr(0, point) + encodeBase64Url(signature);
}

void judge(benchmark::State& state, const std::string& token, bool remembersTheGoodOne) {
    ManualClock clock;
    TokenPolicy policy;
    policy.issuer = TokenRecipe::issuer;
    policy.audiences = {TokenRecipe::audience};
    auto keys =
        std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(keySetOf({key().jwk(R"("kid":"k1")")})));
    const auto cache = remembersTheGoodOne ? std::make_shared<VerifiedTokenCache>(10'000) : nullptr;
    TokenValidator validator(policy, std::make_shared<FixedKeySource>(std::move(keys)), cache, 1, clock);
    if (remembersTheGoodOne) benchmark::DoNotOptimize(validator.validate(good().signedBy(key())));
    for (auto _ : state)
        benchmark::DoNotOptimize(validator.validate(token));
}

}  // namespace

BENCHMARK_CAPTURE(judge, unknown_key_id, good().header("kid", R"("k2")").signedBy(key()), false);
BENCHMARK_CAPTURE(judge, other_key, good().signedBy(TestKey::generate(KeyFamily::rsa)), false);
BENCHMARK_CAPTURE(judge, signature_wrong_in_first_octet, withOtherSignature(0), false);
BENCHMARK_CAPTURE(judge, signature_wrong_in_last_octet, withOtherSignature(255), false);
BENCHMARK_CAPTURE(judge, wrong_issuer, good().claim("iss", R"("x")").signedBy(key()), false);
BENCHMARK_CAPTURE(judge, expired, good().claim("exp", "1").signedBy(key()), false);
BENCHMARK_CAPTURE(judge, accepted_without_role, good().without("roles").signedBy(key()), false);
BENCHMARK_CAPTURE(judge, accepted, good().signedBy(key()), false);
BENCHMARK_CAPTURE(judge, remembered, good().signedBy(key()), true);
BENCHMARK_CAPTURE(judge, remembered_but_first_octet, withOtherSignature(0), true);
BENCHMARK_CAPTURE(judge, remembered_but_last_octet, withOtherSignature(255), true);
