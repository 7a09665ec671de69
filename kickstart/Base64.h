#pragma once

#include <optional>
#include <string>

namespace changebank::kickstart {

/// Base64 with padding (RFC 4648 section 4), in one line.
std::string encodeBase64(const std::string& octets);

/// The inverse; std::nullopt for what is no base64.
std::optional<std::string> decodeBase64(const std::string& text);

}  // namespace changebank::kickstart
