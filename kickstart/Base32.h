#pragma once

#include <optional>
#include <string>

namespace changebank::kickstart {

/// Base32 (RFC 4648 section 6) without padding, as authenticators show their secrets.
std::string encodeBase32(const std::string& octets);

/// Takes padding, and small letters as well; std::nullopt for every other text.
std::optional<std::string> decodeBase32(const std::string& text);

}  // namespace changebank::kickstart
