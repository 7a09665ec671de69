#pragma once

#include <string_view>

namespace changebank {

/// The text without leading and trailing blanks, by default spaces and tabs (RFC 9110 section 5.6.3, OWS). A
/// view into `text`.
inline std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") noexcept {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace changebank
