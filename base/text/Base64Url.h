#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changebank {

/// Decodes base64url without padding (RFC 7515 section 2, RFC 4648 section 5) strictly: any character outside
/// the alphabet, any padding, an impossible length, and unused bits that are not zero are refused, so that
/// each byte string has exactly one accepted encoding. The bytes are returned as they are; std::nullopt is
/// a refusal.
std::optional<std::string> decodeBase64Url(std::string_view text);

/// Encodes bytes as base64url without padding.
std::string encodeBase64Url(std::string_view bytes);

}  // namespace changebank
