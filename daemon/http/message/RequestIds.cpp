#include "changebank/daemon/http/message/RequestIds.h"

#include <algorithm>
#include <random>

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

}  // namespace

RequestIds::RequestIds() {
    std::random_device random;
    _state = (std::uint64_t{random()} << 32U) | random();
}

void RequestIds::next(std::string& id) {
    constexpr std::string_view digits = "0123456789abcdef";
    _state += 0x9e3779b97f4a7c15ULL;
    std::uint64_t bits = scramble(_state);
    id.resize(16);
    for (auto digit = id.rbegin(); digit != id.rend(); ++digit, bits >>= 4U)
        *digit = digits[bits & 0xfU];
}

bool RequestIds::isWellFormed(std::string_view id) {
    return !id.empty() && id.size() <= maxLength && std::all_of(id.begin(), id.end(), isIdCharacter);
}

}  // namespace changebank::http
