#include "changebank/security/revocation/RevocationList.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/base/text/Json.h"

using namespace changebank;
using namespace changebank::security;

namespace {

/// As FusionAuth's ids are.
std::string idOf(std::size_t number) {
    return std::to_string(10'000'000 + number) + "-9173-4e01-9d73-ac2d60d1dc8e";
}

std::int64_t now() {
    return static_cast<std::int64_t>(wholeSeconds(Clock::system().wall()));
}

/// The list with revocations of so many users, made once.
const RevocationList& listOf(std::size_t entries) {
    static std::map<std::size_t, std::unique_ptr<RevocationList>> lists;
    auto& list = lists[entries];
    if (!list) {
        list = std::make_unique<RevocationList>(RevocationList::Limits{.entries = entries});
        for (std::size_t i = 0; i < entries; ++i)
            list->add({.user = idOf(i), .issuedUpTo = now(), .reason = "user.deactivate"});
    }
    return *list;
}

/// The claims that count, of a token of FusionAuth.
Json claimsOf(std::size_t user) {
    const auto application = quoteJson("e9fdb985-9173-4e01-9d73-ac2d60d1dc8e");
    return Json::parse("{\"sub\":" + quoteJson(idOf(user)) + ",\"sid\":" + quoteJson(idOf(user + 1)) +
                       ",\"aud\":" + application + ",\"applicationId\":" + application +
                       R"(,"tid":"f1a2b3c4-9173-4e01-9d73-ac2d60d1dc8e"})")
        .value();
}

std::vector<RevocationKey> keysOf(std::size_t user) {
    return revocationKeysOf(claimsOf(user), idOf(user));
}

/// Judges so many tokens in turn, none of which is revoked: the first argument says by how many entries, the
/// second how many tokens.
void lookUp(benchmark::State& state) {
    const auto& list = listOf(static_cast<std::size_t>(state.range(0)));
    std::vector<std::vector<RevocationKey>> tokens;
    for (std::int64_t i = 0; i < state.range(1); ++i)
        tokens.push_back(keysOf(50'000'000 + static_cast<std::size_t>(i)));
    const auto issuedAt = static_cast<double>(now());
    std::size_t next = 0;
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(list.isRevoked(tokens[next], issuedAt));
        if (++next == tokens.size()) next = 0;
    }
    const auto counters = list.counters();
    const auto perEntry =
        static_cast<double>(counters.bytes) / static_cast<double>(std::max<std::size_t>(counters.entries, 1));
    state.counters["keys"] = {static_cast<double>(tokens.front().size()), benchmark::Counter::kAvgThreads};
    state.counters["bytesPerEntry"] = {perEntry, benchmark::Counter::kAvgThreads};
}

/// What a token costs once, when it is verified.
void keysOfAToken(benchmark::State& state) {
    const auto claims = claimsOf(1);
    const auto subject = idOf(1);
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(revocationKeysOf(claims, subject));
}

/// With all that a list of that size costs when it grows.
void add(benchmark::State& state) {
    RevocationList list({.entries = SIZE_MAX});
    const auto time = now();
    std::size_t number = 0;
    for ([[maybe_unused]] auto _ : state)
        list.add({.user = idOf(number++), .issuedUpTo = time, .reason = "user.deactivate"});
}

BENCHMARK(lookUp)
    ->ArgNames({"entries", "tokens"})
    ->ArgsProduct({{0, 1'000, 1'000'000}, {1, 10'000}})
    ->ThreadRange(1, 2);
BENCHMARK(keysOfAToken);
BENCHMARK(add)->Iterations(1'000'000);

}  // namespace
