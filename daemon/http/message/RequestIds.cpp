#include "changebank/daemon/http/message/RequestIds.h"

#include <algorithm>
#include <random>

#include "changebank/base/text/Hex.h"

namespace changebank::http {

namespace {

constexpr std::size_t maxLength = 64;

bool isIdCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

/// SplitMix64: a bijection, so that the ids of one source never repeat.
std::uint64_t scramble(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
}

constexpr std::uint64_t step = 0x9e3779b97f4a7c15ULL;

}  // namespace

RequestIds::RequestIds() {
    std::random_device random;
    const auto seed = [&random] { return (std::uint64_t{random()} << 32U) | random(); };
    _state = seed();
    _traceState = seed();
}

std::uint64_t RequestIds::next() {
    return scramble(_state += step);
}

void RequestIds::next(std::string& id) {
    const auto digits = hexOf(next());
    id.assign(digits.data(), digits.size());
}

std::array<char, 32> RequestIds::nextTraceId() {
    std::array<char, 32> id{};
    const auto first = hexOf(scramble(_traceState += step));
    const auto last = nextSpanId();
    std::copy(last.begin(), last.end(), std::copy(first.begin(), first.end(), id.begin()));
    return id;
}

std::array<char, 16> RequestIds::nextSpanId() {
    auto bits = next();
    while (bits == 0)
        bits = next();
    return hexOf(bits);
}

bool RequestIds::isWellFormed(std::string_view id) {
    return !id.empty() && id.size() <= maxLength && std::all_of(id.begin(), id.end(), isIdCharacter);
}

}  // namespace changebank::http
