#include "daemon/http/FieldSyntax.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace changebank::http {

namespace {

using CharacterSet = std::array<bool, 256>;

constexpr unsigned char octet(char c) {
    return static_cast<unsigned char>(c);
}

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr CharacterSet tokenCharacters = [] {
    CharacterSet set{};
    for (char c = '!'; c < '\x7f'; ++c)
        set[octet(c)] = true;
    for (const char delimiter :
         {'"', '(', ')', ',', '/', ':', ';', '<', '=', '>', '?', '@', '[', '\\', ']', '{', '}'})
        set[octet(delimiter)] = false;
    return set;
}();

constexpr bool isValueCharacter(char c) {
    return c == '\t' || (octet(c) >= 0x20 && c != '\x7f');
}

/// Sixteen octets that the processor looks at together.
using Octets [[gnu::vector_size(16)]] = unsigned char;

/// Whether there is a character that no value may have in the octets that fill whole vectors. Access tokens
/// make this the longest loop over a request.
bool isFaultyInVectors(const char* first, std::size_t count) {
    Octets faults{};
    for (std::size_t i = 0; i < count; ++i) {
        Octets octets;
        std::memcpy(&octets, first + i * sizeof(octets), sizeof(octets));
        faults |= ((octets < 0x20) & (octets != '\t')) | (octets == 0x7F);
    }
    std::array<std::uint64_t, 2> halves;
    std::memcpy(&halves, &faults, sizeof(faults));
    return (halves[0] | halves[1]) != 0;
}

}  // namespace

bool isToken(std::string_view text) noexcept {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return tokenCharacters[octet(c)]; });
}

bool isFieldValue(std::string_view text) noexcept {
    const auto vectors = text.size() / sizeof(Octets);
    if (isFaultyInVectors(text.data(), vectors)) return false;
    const auto rest = text.substr(vectors * sizeof(Octets));
    return std::all_of(rest.begin(), rest.end(), [](char c) { return isValueCharacter(c); });
}

bool isSameName(std::string_view one, std::string_view other) noexcept {
    return one.size() == other.size() && std::equal(one.begin(), one.end(), other.begin(),
                                                    [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace changebank::http
