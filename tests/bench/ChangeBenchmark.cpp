#include "changebank/handlers/bank/Change.h"

#include <benchmark/benchmark.h>

#include "changebank/base/text/Json.h"
#include "changebank/handlers/routing/QueryParameter.h"
#include "changebank/handlers/routing/RequestTarget.h"

using namespace changebank;
using namespace changebank::handlers;

namespace {

void readTarget(benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(
            queryParameter(RequestTarget::parse("/make-change?total=1.02").query, "total"));
}

void change(benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(Change::parse("1.02"));
}

void json(benchmark::State& state) {
    const auto amount = Change::parse("1.02");
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(amount->toJson());
}

void parseClaims(benchmark::State& state) {
    constexpr std::string_view claims =
        R"({"aud":"e9fdb985-9173-4e01-9d73-ac2d60d1dc8e","exp":1790003600,"iat":1790000000,)"
        R"("iss":"http://localhost:9011","sub":"00000000-0000-0000-0000-000000000001",)"
        R"("jti":"6f8a3b1c-0000-4000-8000-000000000000","authenticationType":"PASSWORD",)"
        R"("email":"teller@example.com","email_verified":true,"roles":["teller"]})";
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(changebank::Json::parse(claims));
}

BENCHMARK(readTarget);
BENCHMARK(change);
BENCHMARK(json);
BENCHMARK(parseClaims);

}  // namespace
