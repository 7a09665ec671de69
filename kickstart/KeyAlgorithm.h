#pragma once

#include <openssl/evp.h>

#include <optional>
#include <string_view>

namespace changebank::kickstart {

/// The algorithms (RFC 7518 section 3.1, RFC 9864 section 2.2) for which FusionAuth has signing keys.
enum class KeyAlgorithm : unsigned char {
    rs256,
    rs384,
    rs512,
    es256,
    es384,
    es512,
    hs256,
    hs384,
    hs512,
    ed25519
};

/// The name in the header parameter `alg` and in FusionAuth's `key.algorithm`.
std::string_view nameOf(KeyAlgorithm algorithm) noexcept;

/// The algorithm of that exact name; std::nullopt for every other text.
std::optional<KeyAlgorithm> keyAlgorithmNamed(std::string_view name) noexcept;

/// All names, separated by ", ", for a message.
std::string_view keyAlgorithmNames() noexcept;

/// FusionAuth's `key.type`: "RSA", "EC", "HMAC" or "OKP".
std::string_view keyTypeOf(KeyAlgorithm algorithm) noexcept;

/// The curve as a JWK names it (RFC 7518 section 6.2.1.1, RFC 8037 section 2); empty for RSA and HMAC.
std::string_view curveOf(KeyAlgorithm algorithm) noexcept;

/// The digest that the signature is over; nullptr for Ed25519, which signs the message itself.
const EVP_MD* digestOf(KeyAlgorithm algorithm) noexcept;

/// Whether the key that verifies is the one that signs, so that it must never be published.
inline bool isSymmetric(KeyAlgorithm algorithm) noexcept {
    return keyTypeOf(algorithm) == "HMAC";
}

}  // namespace changebank::kickstart
