#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "changebank/base/text/Ascii.h"

namespace changebank {

/// A number as 16 hexadecimal digits in lower case.
constexpr std::array<char, 16> hexOf(std::uint64_t number) noexcept {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<char, 16> hex{};
    for (auto digit = hex.rbegin(); digit != hex.rend(); ++digit, number >>= 4U)
        *digit = digits[number & 0xfU];
    return hex;
}

/// The number of at most 16 hexadecimal digits.
constexpr std::uint64_t numberOfHex(std::string_view digits) noexcept {
    std::uint64_t number = 0;
    for (const char digit : digits)
        number = number << 4U | static_cast<std::uint64_t>(hexDigitValue(digit));
    return number;
}

}  // namespace changebank
