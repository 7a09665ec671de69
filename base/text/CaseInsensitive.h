#pragma once

#include <algorithm>
#include <string_view>

#include "changebank/base/text/Ascii.h"

namespace changebank {

/// Whether two texts are the same but for the case of ASCII letters, as field names and schemes are compared
/// (RFC 9110 sections 5.1 and 11.1).
constexpr bool isSameIgnoringCase(std::string_view one, std::string_view other) noexcept {
    return one.size() == other.size() && std::equal(one.begin(), one.end(), other.begin(),
                                                    [](char a, char b) { return toLower(a) == toLower(b); });
}

}  // namespace changebank
