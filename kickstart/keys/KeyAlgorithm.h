#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace changebank::kickstart {

/// The algorithms of FusionAuth's signing keys (RFC 7518 section 3.1, RFC 9864 section 2.2).
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

/// The properties of an algorithm; keyAlgorithms has them in the order of the enumerators.
struct KeyAlgorithmTraits {
    /// The name in the header parameter `alg` and in FusionAuth's `key.algorithm`.
    std::string_view name;
    /// FusionAuth's `key.type`: "RSA", "EC", "HMAC" or "OKP".
    std::string_view type;
    /// The curve as a JWK names it (RFC 7518 section 6.2.1.1, RFC 8037 section 2); empty for RSA and HMAC.
    std::string_view curve;
    /// Returns the digest to sign; nullptr for Ed25519, which signs the message itself.
    const EVP_MD* (*digest)();
};

inline constexpr std::array<KeyAlgorithmTraits, 10> keyAlgorithms{{
    {"RS256", "RSA", "", EVP_sha256},
    {"RS384", "RSA", "", EVP_sha384},
    {"RS512", "RSA", "", EVP_sha512},
    {"ES256", "EC", "P-256", EVP_sha256},
    {"ES384", "EC", "P-384", EVP_sha384},
    {"ES512", "EC", "P-521", EVP_sha512},
    {"HS256", "HMAC", "", EVP_sha256},
    {"HS384", "HMAC", "", EVP_sha384},
    {"HS512", "HMAC", "", EVP_sha512},
    {"Ed25519", "OKP", "Ed25519", []() -> const EVP_MD* { return nullptr; }},
}};

inline const KeyAlgorithmTraits& traitsOf(KeyAlgorithm algorithm) noexcept {
    return keyAlgorithms[static_cast<std::size_t>(algorithm)];
}

inline std::string_view nameOf(KeyAlgorithm algorithm) noexcept {
    return traitsOf(algorithm).name;
}

inline std::string_view keyTypeOf(KeyAlgorithm algorithm) noexcept {
    return traitsOf(algorithm).type;
}

/// The algorithm with exactly this name; std::nullopt for every other text.
inline std::optional<KeyAlgorithm> keyAlgorithmNamed(std::string_view name) noexcept {
    for (std::size_t i = 0; i < keyAlgorithms.size(); ++i) {
        if (keyAlgorithms[i].name == name) return static_cast<KeyAlgorithm>(i);
    }
    return std::nullopt;
}

/// Whether the same key signs and verifies, so that it must never be published.
inline bool isSymmetric(KeyAlgorithm algorithm) noexcept {
    return keyTypeOf(algorithm) == "HMAC";
}

}  // namespace changebank::kickstart
