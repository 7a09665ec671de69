#pragma once

#include <string_view>

namespace changebank::http {

// Syntax of HTTP fields (RFC 9110 section 5.6). Pure and thread-safe.

/// A non-empty token (section 5.6.2), such as a method or field name.
bool isToken(std::string_view text) noexcept;

/// A field value (section 5.5): printable characters, bytes beyond ASCII, space and tab; no other control
/// character.
bool isFieldValue(std::string_view text) noexcept;

/// Compares two names, ignoring the case of ASCII letters (section 5.1).
bool isSameName(std::string_view one, std::string_view other) noexcept;

}  // namespace changebank::http
