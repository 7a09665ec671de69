#include "kickstart/Uuid.h"

#include "kickstart/RandomOctets.h"

namespace changebank::kickstart {

namespace {

constexpr std::size_t textLength = 36;
constexpr std::string_view hexDigits = "0123456789abcdef";

bool isHyphenPlace(std::size_t index) {
    return index == 8 || index == 13 || index == 18 || index == 23;
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != textLength) return std::nullopt;
    std::string lower(text);
    for (std::size_t i = 0; i < lower.size(); ++i) {
        char& c = lower[i];
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
        const bool fits = isHyphenPlace(i) ? c == '-' : hexDigits.find(c) != std::string_view::npos;
        if (!fits) return std::nullopt;
    }
    return Uuid(std::move(lower));
}

Uuid Uuid::random() {
    std::string octets = randomOctets(16);
    octets[6] = static_cast<char>((octets[6] & 0x0F) | 0x40);
    octets[8] = static_cast<char>((octets[8] & 0x3F) | 0x80);
    std::string text;
    for (const char octet : octets) {
        if (isHyphenPlace(text.size())) text += '-';
        text += hexDigits[static_cast<unsigned char>(octet) >> 4];
        text += hexDigits[static_cast<unsigned char>(octet) & 0x0F];
    }
    return Uuid(std::move(text));
}

}  // namespace changebank::kickstart
