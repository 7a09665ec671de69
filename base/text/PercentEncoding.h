#pragma once

#include <string>
#include <string_view>

namespace changebank {

/// Appends the escape of one byte (RFC 3986 section 2.1), such as `%2C`.
inline void appendEscape(std::string& text, char c) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    text += {'%', digits[byte / 16], digits[byte % 16]};
}

}  // namespace changebank
