#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "changebank/base/text/Base64Url.h"

namespace changebank {

/// Base64 with padding (RFC 4648 section 4), in one line.
inline std::string encodeBase64(std::string_view bytes) {
    auto text = encodeBase64Url(bytes);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    constexpr std::size_t groupSize = 4;
    text.append((groupSize - text.size() % groupSize) % groupSize, '=');
    return text;
}

}  // namespace changebank
