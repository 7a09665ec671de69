#include "changebank/base/text/Base64Url.h"

#include <array>
#include <cstdint>

namespace changebank {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Sets bits above the 24 of a group, wherever in the group the character is.
constexpr std::uint32_t invalid = 0xFFFF'FFFF;
constexpr std::uint32_t aboveGroup = 0xFF00'0000;

constexpr auto values = [] {
    std::array<std::uint32_t, 256> result{};
    result.fill(invalid);
    for (std::uint32_t i = 0; i < alphabet.size(); ++i)
        result[static_cast<unsigned char>(alphabet[i])] = i;
    return result;
}();

std::uint32_t valueOf(char c) {
    return values[static_cast<unsigned char>(c)];
}

}  // namespace

std::optional<std::string> decodeBase64Url(std::string_view text) {
    const std::size_t tail = text.size() % 4;
    if (tail == 1) return std::nullopt;

    std::string bytes;
    bytes.resize(text.size() / 4 * 3 + (tail == 0 ? 0 : tail - 1));
    char* out = bytes.data();
    // Collects invalid characters, to be checked once at the end.
    std::uint32_t seen = 0;
    for (; text.size() >= 4; text.remove_prefix(4)) {
        const auto group =
            valueOf(text[0]) << 18 | valueOf(text[1]) << 12 | valueOf(text[2]) << 6 | valueOf(text[3]);
        seen |= group;
        *out++ = static_cast<char>(group >> 16);
        *out++ = static_cast<char>(group >> 8);
        *out++ = static_cast<char>(group);
    }
    if (tail > 0) {
        const auto group =
            valueOf(text[0]) << 18 | valueOf(text[1]) << 12 | (tail == 3 ? valueOf(text[2]) << 6 : 0);
        *out++ = static_cast<char>(group >> 16);
        if (tail == 3) *out++ = static_cast<char>(group >> 8);
        const std::uint32_t unused = tail == 3 ? 0xFF : 0xFFFF;
        if ((group & (aboveGroup | unused)) != 0) return std::nullopt;
    }
    if ((seen & aboveGroup) != 0) return std::nullopt;
    return bytes;
}

std::string encodeBase64Url(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char byte : bytes) {
        group = (group << 8) | static_cast<unsigned char>(byte);
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            text += alphabet[(group >> bits) & 0x3F];
        }
    }
    if (bits > 0) text += alphabet[(group << (6 - bits)) & 0x3F];
    return text;
}

}  // namespace changebank
