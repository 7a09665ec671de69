#include "security/Base64Url.h"

#include <array>
#include <cstdint>

namespace changebank::security {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t invalid = 0xFF;

constexpr auto valueOf = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(invalid);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}();

std::uint32_t valueAt(std::string_view text, std::size_t index) {
    return valueOf[static_cast<unsigned char>(text[index])];
}

}  // namespace

std::optional<std::string> decodeBase64Url(std::string_view text) {
    const std::size_t tail = text.size() % 4;
    if (tail == 1) return std::nullopt;

    std::string octets;
    octets.resize(text.size() / 4 * 3 + (tail == 0 ? 0 : tail - 1));
    char* out = octets.data();
    // An invalid character has bits above the low six; they are gathered here and judged once at the end.
    std::uint32_t seen = 0;

    std::size_t i = 0;
    for (; i + 4 <= text.size(); i += 4) {
        const std::uint32_t a = valueAt(text, i);
        const std::uint32_t b = valueAt(text, i + 1);
        const std::uint32_t c = valueAt(text, i + 2);
        const std::uint32_t d = valueAt(text, i + 3);
        seen |= a | b | c | d;
        const std::uint32_t group = (a << 18) | (b << 12) | (c << 6) | d;
        *out++ = static_cast<char>(group >> 16);
        *out++ = static_cast<char>(group >> 8);
        *out++ = static_cast<char>(group);
    }
    std::uint32_t unusedBits = 0;
    if (tail == 2) {
        const std::uint32_t a = valueAt(text, i);
        const std::uint32_t b = valueAt(text, i + 1);
        seen |= a | b;
        unusedBits = b & 0x0F;
        *out++ = static_cast<char>((a << 2) | (b >> 4));
    } else if (tail == 3) {
        const std::uint32_t a = valueAt(text, i);
        const std::uint32_t b = valueAt(text, i + 1);
        const std::uint32_t c = valueAt(text, i + 2);
        seen |= a | b | c;
        unusedBits = c & 0x03;
        *out++ = static_cast<char>((a << 2) | (b >> 4));
        *out++ = static_cast<char>((b << 4) | (c >> 2));
    }
    if (seen > 0x3F || unusedBits != 0) return std::nullopt;
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
