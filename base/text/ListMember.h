#pragma once

#include <string_view>

#include "changebank/base/text/Trimmed.h"

namespace changebank {

/// Removes the first member and the separator behind it from a list (RFC 9110 section 5.6.1), and returns the
/// member without the blanks around it. An empty list gives an empty member. A view into the list's text.
inline std::string_view takeMember(std::string_view& list, char separator = ',') noexcept {
    const auto end = list.find(separator);
    const auto member = list.substr(0, end);
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    return trimmed(member);
}

}  // namespace changebank
