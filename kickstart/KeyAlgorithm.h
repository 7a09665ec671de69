#pragma once

#include <optional>
#include <string_view>

namespace changebank::kickstart {

/// The algorithms (RFC 7518 section 3.1) for which a signing key can be generated here.
enum class KeyAlgorithm : unsigned char { rs256, rs384, rs512, es256 };

/// The name in the header parameter `alg` and in FusionAuth's `key.algorithm`.
std::string_view nameOf(KeyAlgorithm algorithm) noexcept;

/// The algorithm of that exact name; std::nullopt for every other text.
std::optional<KeyAlgorithm> keyAlgorithmNamed(std::string_view name) noexcept;

/// FusionAuth's `key.type`: "RSA" or "EC".
std::string_view keyTypeOf(KeyAlgorithm algorithm) noexcept;

}  // namespace changebank::kickstart
