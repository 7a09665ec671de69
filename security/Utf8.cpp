#include "security/Utf8.h"

#include <bit>

#include "security/OctetWord.h"

namespace changebank::security {

namespace {

bool inRange(char octet, unsigned char low, unsigned char high) noexcept {
    const auto value = static_cast<unsigned char>(octet);
    return low <= value && value <= high;
}

bool continues(std::string_view text, std::size_t from, std::size_t length) noexcept {
    for (std::size_t i = from; i < length; ++i) {
        if (!inRange(text[i], 0x80, 0xBF)) return false;
    }
    return true;
}

constexpr std::uint64_t eachOctet(unsigned char value) noexcept {
    return 0x0101010101010101U * value;
}

constexpr std::uint64_t highestBits = eachOctet(0x80);

// Eight octets are judged at a time: the highest bit of each of the result says whether that one is meant.
// What is subtracted or added reaches the next octet only from one that is meant, so that the bits may be
// wrong beyond the first that is set, and nowhere else.

constexpr std::uint64_t controls(std::uint64_t word) noexcept {
    const auto low = word - eachOctet(' ');
    const auto del = (word ^ eachOctet('\x7F')) - eachOctet(1);
    return (low | del) & ~word & highestBits;
}

constexpr std::uint64_t notPlain(std::uint64_t word) noexcept {
    const auto low = word - eachOctet(' ');
    const auto del = word + eachOctet(1);
    const auto quote = (word ^ eachOctet('"')) - eachOctet(1);
    const auto backslash = (word ^ eachOctet('\\')) - eachOctet(1);
    return (word | low | del | quote | backslash) & highestBits;
}

/// The place of the first octet that is meant by `Judge`, which must mean the octet zero; the size if there
/// is none.
template <std::uint64_t (*Judge)(std::uint64_t)>
std::size_t findOctet(std::string_view text) noexcept {
    constexpr std::size_t wordSize = sizeof(std::uint64_t);
    std::size_t at = 0;
    for (; at + wordSize <= text.size(); at += wordSize) {
        if (const auto found = Judge(octetWord(text.data() + at)))
            return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
    }
    const auto rest = octetWord(text.data() + at, text.size() - at);
    return at + static_cast<std::size_t>(std::countr_zero(Judge(rest))) / 8;
}

/// Long texts are judged by so many octets at a time. Compilers do that in few steps, as long as what is
/// found is gathered in an octet and not in a bool.
constexpr std::size_t blockSize = 64;

bool hasControlInBlock(const char* block) noexcept {
    unsigned char found = 0;
    for (std::size_t i = 0; i < blockSize; ++i) {
        const auto octet = static_cast<unsigned char>(block[i]);
        found |= static_cast<unsigned char>((octet < ' ') | (octet == 0x7F));
    }
    return found != 0;
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

bool isUtf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t length = utf8SequenceLength(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::size_t plainLength(std::string_view text) noexcept {
    return findOctet<notPlain>(text);
}

bool hasControl(std::string_view text) noexcept {
    for (; text.size() >= blockSize; text.remove_prefix(blockSize)) {
        if (hasControlInBlock(text.data())) return true;
    }
    return findOctet<controls>(text) < text.size();
}

}  // namespace changebank::security
