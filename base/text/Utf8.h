#pragma once

#include <cstddef>
#include <string_view>

namespace changebank {

/// The length in bytes of the well-formed UTF-8 sequence (RFC 3629 section 4) at the start of `text`, 1 to
/// 4; zero if there is none: overlong forms, surrogates and code points above U+10FFFF are not well-formed.
std::size_t utf8SequenceLength(std::string_view text) noexcept;

/// True if all of the text is well-formed UTF-8.
bool isUtf8(std::string_view text) noexcept;

/// The longest prefix of at most `size` bytes that does not end within a well-formed sequence.
std::string_view utf8Prefix(std::string_view text, std::size_t size) noexcept;

/// The length of the longest prefix of printable ASCII that needs no escape in a JSON string: without
/// quotation marks and backslashes.
std::size_t plainLength(std::string_view text) noexcept;

/// The code point of a well-formed UTF-8 sequence of two to four bytes; 0 for any other text.
char32_t codePointOf(std::string_view sequence) noexcept;

/// True for a code point beyond ASCII that terminals, editors and browsers obey instead of showing it, so
/// that a line could look like another one: the C1 controls (U+0080 to U+009F), the line and paragraph
/// separators and the bidirectional controls (Unicode, property Bidi_Control).
constexpr bool isHidden(char32_t c) noexcept {
    return (c >= 0x80 && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/// True if the text has a character for which isHidden() holds, in well-formed UTF-8.
bool hasHidden(std::string_view text) noexcept;

/// True if the text has an ASCII control character, including DEL.
bool hasControl(std::string_view text) noexcept;

}  // namespace changebank
