#include "security/Base64Url.h"

#include <array>
#include <cstdint>

namespace changebank::security {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Four characters are a group of three octets, the first of them lowest in a number. An invalid character
// shows in the number's fourth octet.
constexpr std::uint32_t invalid = 0xFF00'0000;

/// The octets of a group with these 24 bits.
constexpr std::uint32_t octetsOf(std::uint32_t bits) {
    return (bits >> 16) | (bits & 0xFF00) | ((bits & 0xFF) << 16);
}

/// What each character brings to its group, by its place there.
constexpr auto valuesByPlace = [] {
    std::array<std::array<std::uint32_t, 256>, 4> values{};
    for (std::size_t place = 0; place < values.size(); ++place) {
        values[place].fill(invalid);
        for (std::uint32_t i = 0; i < alphabet.size(); ++i)
            values[place][static_cast<unsigned char>(alphabet[i])] = octetsOf(i << (18 - 6 * place));
    }
    return values;
}();

std::uint32_t valueAt(std::size_t place, std::string_view group) {
    return valuesByPlace[place][static_cast<unsigned char>(group[place])];
}

}  // namespace

std::optional<std::string> decodeBase64Url(std::string_view text) {
    const std::size_t tail = text.size() % 4;
    if (tail == 1) return std::nullopt;

    std::string octets;
    octets.resize(text.size() / 4 * 3 + (tail == 0 ? 0 : tail - 1));
    char* out = octets.data();
    // What is invalid is gathered here and judged once at the end.
    std::uint32_t seen = 0;
    for (; text.size() >= 4; text.remove_prefix(4)) {
        const auto group = valueAt(0, text) | valueAt(1, text) | valueAt(2, text) | valueAt(3, text);
        seen |= group;
        *out++ = static_cast<char>(group);
        *out++ = static_cast<char>(group >> 8);
        *out++ = static_cast<char>(group >> 16);
    }
    if (tail > 0) {
        const auto group = valueAt(0, text) | valueAt(1, text) | (tail == 3 ? valueAt(2, text) : 0);
        *out++ = static_cast<char>(group);
        if (tail == 3) *out++ = static_cast<char>(group >> 8);
        // What is left of the group is bits that have to be zero, or shows an invalid character.
        if (group >> (8 * (tail - 1)) != 0) return std::nullopt;
    }
    if (seen >= invalid) return std::nullopt;
    return octets;
}

std::string encodeBase64Url(std::string_view octets) {
    std::string text;
    text.reserve((octets.size() * 4 + 2) / 3);
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char octet : octets) {
        group = (group << 8) | static_cast<unsigned char>(octet);
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            text += alphabet[(group >> bits) & 0x3F];
        }
    }
    if (bits > 0) text += alphabet[(group << (6 - bits)) & 0x3F];
    return text;
}

}  // namespace changebank::security
