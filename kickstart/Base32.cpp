#include "kickstart/Base32.h"

#include <cstdint>
#include <string_view>

namespace changebank::kickstart {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

}  // namespace

std::string encodeBase32(const std::string& octets) {
    std::string text;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char octet : octets) {
        bits = bits << 8U | static_cast<unsigned char>(octet);
        for (count += 8; count >= 5; count -= 5) {
            text += alphabet[bits >> (count - 5U) & 31U];
        }
    }
    if (count > 0) text += alphabet[bits << (5U - count) & 31U];
    return text;
}

std::optional<std::string> decodeBase32(const std::string& text) {
    std::string octets;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char character : text.substr(0, text.find_last_not_of('=') + 1)) {
        const auto letter =
            character >= 'a' && character <= 'z' ? static_cast<char>(character - 'a' + 'A') : character;
        const auto value = alphabet.find(letter);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 5U | static_cast<std::uint32_t>(value);
        count += 5;
        if (count < 8) continue;
        count -= 8;
        octets += static_cast<char>(bits >> count & 255U);
    }
    return octets;
}

}  // namespace changebank::kickstart
