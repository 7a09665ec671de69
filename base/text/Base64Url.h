#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changebank {

/// Decodes base64url without padding (RFC 7515 section 2, RFC 4648 section 5) strictly: rejects any character
/// outside the alphabet, padding, an impossible length, and unused bits that are not zero, so that each byte
/// string has exactly one accepted encoding. Returns std::nullopt for a rejected text.
std::optional<std::string> decodeBase64Url(std::string_view text);

/// Encodes bytes as base64url without padding.
std::string encodeBase64Url(std::string_view bytes);

}  // namespace changebank
