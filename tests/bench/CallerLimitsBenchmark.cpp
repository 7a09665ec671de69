#include "changebank/security/limit/CallerLimits.h"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

using namespace changebank::security;

namespace {

const CallerLimits& limitsOfAll() {
    static const CallerLimits limits(
        {.client = {10'000, 100'000}, .subject = {10'000, 100'000}, .refused = {1, 30}});
    return limits;
}

/// As many clients in turn as the argument says; with several threads all of them are the same ones.
void takeOfClient(benchmark::State& state) {
    std::vector<Poco::Net::SocketAddress> clients;
    for (int i = 0; i < state.range(0); ++i)
        clients.emplace_back("10." + std::to_string(i / 65'536) + "." + std::to_string(i / 256 % 256) + "." +
                                 std::to_string(i % 256),
                             static_cast<Poco::UInt16>(4711));
    std::size_t next = 0;
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(limitsOfAll().takeOfClient(clients[next]));
        if (++next == clients.size()) next = 0;
    }
}

void takeOfSubject(benchmark::State& state) {
    Principal principal;
    principal.issuer = "http://localhost:9011";
    principal.subject = "00000000-0000-0000-0000-000000000001";
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(limitsOfAll().takeOfSubject(principal));
}

/// A client that has sent too many.
void refuseBadTokens(benchmark::State& state) {
    const Poco::Net::SocketAddress client("192.0.2.1", static_cast<Poco::UInt16>(4711));
    for (int i = 0; i < 100'000; ++i)
        limitsOfAll().noteRefusal(client, Cause::signatureInvalid);
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(limitsOfAll().tooManyBadTokens(client));
}

BENCHMARK(takeOfClient)->Arg(1)->Arg(10'000)->ThreadRange(1, 2);
BENCHMARK(takeOfSubject);
BENCHMARK(refuseBadTokens);

}  // namespace
