#include "changebank/base/text/Utf8.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "changebank/base/text/Ascii.h"

namespace changebank {

namespace {

bool inRange(char byte, unsigned char low, unsigned char high) noexcept {
    const auto value = static_cast<unsigned char>(byte);
    return low <= value && value <= high;
}

bool continues(std::string_view text, std::size_t from, std::size_t length) noexcept {
    for (std::size_t i = from; i < length; ++i) {
        if (!inRange(text[i], 0x80, 0xBF)) return false;
    }
    return true;
}

constexpr auto plainBytes = [] {
    std::array<bool, 256> plain{};
    for (std::size_t byte = 0x20; byte < 0x7F; ++byte)
        plain[byte] = byte != '"' && byte != '\\';
    return plain;
}();

bool isPlain(char c) noexcept {
    return plainBytes[static_cast<unsigned char>(c)];
}

/// What a processor compares at once. An access token is the longest text of a request.
using Block = unsigned char __attribute__((vector_size(16)));

/// A byte that is not zero for each control character in a block.
Block controlsIn(const char* text) noexcept {
    Block block;
    std::memcpy(&block, text, sizeof(block));
    return static_cast<Block>(block < ' ') | static_cast<Block>(block == 0x7F);
}

bool isZero(const Block& block) noexcept {
    static constexpr Block zero{};
    return std::memcmp(&block, &zero, sizeof(block)) == 0;
}

}  // namespace

std::size_t utf8SequenceLength(std::string_view text) noexcept {
    if (text.empty()) return 0;
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) return 1;

    std::size_t length = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        if (lead == 0xE0) low = 0xA0;
        if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F;
    }
    if (length == 0 || text.size() < length) return 0;
    return inRange(text[1], low, high) && continues(text, 2, length) ? length : 0;
}

std::string_view utf8Prefix(std::string_view text, std::size_t size) noexcept {
    if (text.size() <= size) return text;
    // A sequence that lies across the end begins at most three bytes before it.
    for (std::size_t begin = size - std::min<std::size_t>(size, 3); begin < size; ++begin) {
        const auto length = utf8SequenceLength(text.substr(begin));
        if (length > 1 && begin + length > size) return text.substr(0, begin);
    }
    return text.substr(0, size);
}

bool isUtf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t length = utf8SequenceLength(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

char32_t codePointOf(std::string_view sequence) noexcept {
    const auto bits = [sequence](std::size_t i, unsigned mask) {
        return static_cast<char32_t>(static_cast<unsigned char>(sequence[i]) & mask);
    };
    if (sequence.size() == 2) return bits(0, 0x1F) << 6 | bits(1, 0x3F);
    if (sequence.size() == 3) return bits(0, 0x0F) << 12 | bits(1, 0x3F) << 6 | bits(2, 0x3F);
    if (sequence.size() == 4)
        return bits(0, 0x07) << 18 | bits(1, 0x3F) << 12 | bits(2, 0x3F) << 6 | bits(3, 0x3F);
    return 0;
}

bool hasHidden(std::string_view text) noexcept {
    unsigned char all = 0;
    for (const char c : text)
        all |= static_cast<unsigned char>(c);
    while (all >= 0x80 && !text.empty()) {
        const auto length = utf8SequenceLength(text);
        if (isHidden(codePointOf(text.substr(0, length)))) return true;
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return false;
}

std::size_t plainLength(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), isPlain) - text.begin());
}

bool hasControl(std::string_view text) noexcept {
    if (text.size() < sizeof(Block)) return std::any_of(text.begin(), text.end(), isControl);
    // The last block may overlap the one before.
    const auto* last = text.data() + text.size() - sizeof(Block);
    auto found = controlsIn(last);
    for (const auto* next = text.data(); next < last; next += sizeof(Block))
        found |= controlsIn(next);
    return !isZero(found);
}

}  // namespace changebank
