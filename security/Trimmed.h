#pragma once

#include <string_view>

namespace changebank::security {

/// The text without spaces and tabs at its ends (RFC 9110 section 5.6.3, OWS). A view into `text`.
inline std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace changebank::security
