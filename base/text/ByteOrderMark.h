#pragma once

#include <string_view>

namespace changebank {

/// That of UTF-8 (RFC 3629 section 6).
inline constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

/// The text without a byte order mark at its start.
constexpr std::string_view withoutByteOrderMark(std::string_view text) {
    if (text.starts_with(byteOrderMark)) text.remove_prefix(byteOrderMark.size());
    return text;
}

}  // namespace changebank
