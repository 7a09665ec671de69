#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace changebank::security {

/// Up to eight octets of a text as one number, the first of them lowest; what is missing is zero.
inline std::uint64_t octetWord(const char* text, std::size_t octets = sizeof(std::uint64_t)) noexcept {
    static_assert(std::endian::native == std::endian::little);
    std::uint64_t word = 0;
    if (octets > 0) std::memcpy(&word, text, octets);
    return word;
}

}  // namespace changebank::security
