#include "daemon/http/FieldSyntax.h"

#include <algorithm>
#include <array>
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

using Word = std::uint64_t;

constexpr Word eightTimes(unsigned char value) {
    return 0x0101'0101'0101'0101U * value;
}

/// Not zero if one of the eight octets is below `bound`, which is at most 0x80.
constexpr Word below(Word octets, unsigned char bound) {
    return (octets - eightTimes(bound)) & ~octets & eightTimes(0x80);
}

/// Whether there is a control character, tabs among them, in the octets that fill whole words. Access tokens
/// make this the longest loop over a request, so it has no branches.
bool hasControlInWords(const char* words, std::size_t count) {
    Word found = 0;
    for (std::size_t i = 0; i < count; ++i) {
        Word word;
        std::memcpy(&word, words + i * sizeof(word), sizeof(word));
        found |= below(word, 0x20) | below(word ^ eightTimes(0x7F), 1);
    }
    return found != 0;
}

}  // namespace

bool isToken(std::string_view text) noexcept {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return tokenCharacters[octet(c)]; });
}

bool isFieldValue(std::string_view text) noexcept {
    const auto words = text.size() / sizeof(Word);
    const auto first = hasControlInWords(text.data(), words) ? 0 : words * sizeof(Word);
    return std::all_of(text.begin() + first, text.end(), isValueCharacter);
}

bool isSameName(std::string_view one, std::string_view other) noexcept {
    return one.size() == other.size() && std::equal(one.begin(), one.end(), other.begin(),
                                                    [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace changebank::http
