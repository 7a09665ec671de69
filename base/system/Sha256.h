#pragma once

#include <string>
#include <string_view>

namespace changebank {

/// The SHA-256 digest of a text: 32 bytes.
std::string sha256(std::string_view text);

}  // namespace changebank
