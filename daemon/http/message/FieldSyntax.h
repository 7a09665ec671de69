#pragma once

#include <string_view>

namespace changebank::http {

// The characters of HTTP fields (RFC 9110 section 5.6). Pure and thread-safe.

/// A token (section 5.6.2), as methods and field names are: one character or more.
bool isToken(std::string_view text) noexcept;

/// What a field value may consist of (section 5.5): printable characters, octets beyond ASCII, space and tab;
/// no other control character.
bool isFieldValue(std::string_view text) noexcept;

/// Whether two names are the same: the case of ASCII letters does not matter (section 5.1).
bool isSameName(std::string_view one, std::string_view other) noexcept;

/// Takes the first member off a comma-separated list (section 5.6.1), which ends when it is empty. The member
/// is without the blanks around it, and empty between two commas: a reader has to pass over those.
std::string_view takeMember(std::string_view& list) noexcept;

}  // namespace changebank::http
