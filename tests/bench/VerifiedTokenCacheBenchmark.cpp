#include "changebank/security/token/VerifiedTokenCache.h"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

using namespace changebank;
using namespace changebank::security;

namespace {

constexpr Generation generation{0, 1, 1};
const VerifiedTokenCache::IsCurrent isCurrent = [](const Generation& each) { return each == generation; };

std::string tokenOf(int number) {
    return std::string(740, 'x') + std::to_string(1'000'000 + number);
}

VerifiedTokenCache& cacheOfTenThousand() {
    static VerifiedTokenCache cache(10'000);
    return cache;
}

/// Finds as many tokens in turn as the argument says; with several threads all of them find the same ones.
void hit(benchmark::State& state) {
    auto& cache = cacheOfTenThousand();
    std::vector<std::string> tokens;
    for (int i = 0; i < state.range(0); ++i) {
        tokens.push_back(tokenOf(i));
        cache.insert(tokens.back(), generation, std::make_shared<const VerifiedToken>(), isCurrent);
    }
    std::size_t next = 0;
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(cache.lookUp(tokens[next], isCurrent));
        if (++next == tokens.size()) next = 0;
    }
}

void miss(benchmark::State& state) {
    auto& cache = cacheOfTenThousand();
    const auto token = tokenOf(-1);
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(cache.lookUp(token, isCurrent));
    }
}

void insert(benchmark::State& state) {
    VerifiedTokenCache cache(10'000);
    const auto verified = std::make_shared<const VerifiedToken>();
    int number = 0;
    for ([[maybe_unused]] auto _ : state) {
        const auto token = tokenOf(++number);
        cache.insert(token, generation, verified, isCurrent);
    }
}

BENCHMARK(hit)->Arg(1)->Arg(1'000)->Arg(5'000)->ThreadRange(1, 2);
BENCHMARK(miss);
BENCHMARK(insert);

}  // namespace
