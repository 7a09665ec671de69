#include "changebank/security/guard/TokenExtractor.h"

#include <Poco/Net/MessageHeader.h>
#include <benchmark/benchmark.h>

#include <string>

using changebank::security::TokenExtractor;

namespace {

/// The header fields of a browser, and a token in one of two places.
Poco::Net::MessageHeader headerWith(const std::string& name, const std::string& value) {
    Poco::Net::MessageHeader header;
    header.add("Host", "localhost:3000");
    header.add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
    header.add("Accept", "application/json");
    header.add("Accept-Encoding", "gzip, deflate, br");
    header.add(name, value);
    return header;
}

void extract(benchmark::State& state, const std::string& name, const std::string& prefix) {
    const auto header = headerWith(name, prefix + std::string(750, 'x'));
    const TokenExtractor extractor("app.at");
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(extractor.extract(header));
}

void fromAuthorization(benchmark::State& state) {
    extract(state, "Authorization", "Bearer ");
}
void fromCookie(benchmark::State& state) {
    extract(state, "Cookie", "theme=dark; app.at=");
}

BENCHMARK(fromAuthorization);
BENCHMARK(fromCookie);

}  // namespace
