#include "kickstart/KeyAlgorithm.h"

#include <array>

namespace changebank::kickstart {

namespace {

struct Traits {
    KeyAlgorithm algorithm;
    std::string_view name;
    std::string_view type;
    std::string_view curve;
    const EVP_MD* (*digest)();
};

constexpr std::array<Traits, 10> table{{
    {KeyAlgorithm::rs256, "RS256", "RSA", "", EVP_sha256},
    {KeyAlgorithm::rs384, "RS384", "RSA", "", EVP_sha384},
    {KeyAlgorithm::rs512, "RS512", "RSA", "", EVP_sha512},
    {KeyAlgorithm::es256, "ES256", "EC", "P-256", EVP_sha256},
    {KeyAlgorithm::es384, "ES384", "EC", "P-384", EVP_sha384},
    {KeyAlgorithm::es512, "ES512", "EC", "P-521", EVP_sha512},
    {KeyAlgorithm::hs256, "HS256", "HMAC", "", EVP_sha256},
    {KeyAlgorithm::hs384, "HS384", "HMAC", "", EVP_sha384},
    {KeyAlgorithm::hs512, "HS512", "HMAC", "", EVP_sha512},
    {KeyAlgorithm::ed25519, "Ed25519", "OKP", "Ed25519", nullptr},
}};

const Traits& traitsOf(KeyAlgorithm algorithm) noexcept {
    return table[static_cast<std::size_t>(algorithm)];
}

}  // namespace

std::string_view nameOf(KeyAlgorithm algorithm) noexcept {
    return traitsOf(algorithm).name;
}

std::optional<KeyAlgorithm> keyAlgorithmNamed(std::string_view name) noexcept {
    for (const auto& traits : table) {
        if (traits.name == name) return traits.algorithm;
    }
    return std::nullopt;
}

std::string_view keyAlgorithmNames() noexcept {
    return "RS256, RS384, RS512, ES256, ES384, ES512, HS256, HS384, HS512, Ed25519";
}

std::string_view keyTypeOf(KeyAlgorithm algorithm) noexcept {
    return traitsOf(algorithm).type;
}

std::string_view curveOf(KeyAlgorithm algorithm) noexcept {
    return traitsOf(algorithm).curve;
}

const EVP_MD* digestOf(KeyAlgorithm algorithm) noexcept {
    const auto digest = traitsOf(algorithm).digest;
    return digest ? digest() : nullptr;
}

}  // namespace changebank::kickstart
