#pragma once

#include <string>
#include <string_view>

namespace changebank::kickstart {

/// The SHA-256 digest (FIPS 180-4) of a text, 32 octets.
std::string sha256(std::string_view text);

}  // namespace changebank::kickstart
