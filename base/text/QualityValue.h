#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "changebank/base/text/Ascii.h"

namespace changebank {

/// A qvalue (RFC 9110 section 12.4.2) in thousandths, 0 to 1000; std::nullopt for other text.
constexpr std::optional<int> qualityValue(std::string_view text) noexcept {
    constexpr std::size_t maxLength = 5;
    if (text.empty() || text.size() > maxLength || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int value = text[0] - '0';
    for (std::size_t i = 2; i < maxLength; ++i) {
        const char digit = i < text.size() ? text[i] : '0';
        if (!isDigit(digit)) return std::nullopt;
        value = value * 10 + (digit - '0');
    }
    return value <= 1000 ? std::optional(value) : std::nullopt;
}

}  // namespace changebank
