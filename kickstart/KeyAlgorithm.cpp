#include "kickstart/KeyAlgorithm.h"

#include <array>

namespace changebank::kickstart {

namespace {

struct Traits {
    KeyAlgorithm algorithm;
    std::string_view name;
    std::string_view type;
};

constexpr std::array<Traits, 4> table{{
    {KeyAlgorithm::rs256, "RS256", "RSA"},
    {KeyAlgorithm::rs384, "RS384", "RSA"},
    {KeyAlgorithm::rs512, "RS512", "RSA"},
    {KeyAlgorithm::es256, "ES256", "EC"},
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

std::string_view keyTypeOf(KeyAlgorithm algorithm) noexcept {
    return traitsOf(algorithm).type;
}

}  // namespace changebank::kickstart
