#pragma once

#include <cstddef>
#include <string_view>

namespace changebank {

/// The length in bytes of the well-formed UTF-8 sequence (RFC 3629 section 4) at the start of `text`, 1 to
/// 4; zero if there is none: overlong forms, surrogates and code points above U+10FFFF are not well-formed.
std::size_t utf8SequenceLength(std::string_view text) noexcept;

/// True if all of the text is well-formed UTF-8.
bool isUtf8(std::string_view text) noexcept;

/// The length of the longest prefix of printable ASCII that needs no escape in a JSON string: without
/// quotation marks and backslashes.
std::size_t plainLength(std::string_view text) noexcept;

/// True if the text has an ASCII control character, including DEL.
bool hasControl(std::string_view text) noexcept;

}  // namespace changebank
