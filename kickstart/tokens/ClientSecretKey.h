#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "changebank/kickstart/keys/KeyAlgorithm.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// FusionAuth's built-in keys, an `idTokenKeyId` for id tokens that are signed with the application's client
/// secret (OpenID Connect Core 1.0 section 10.1). Returns the algorithm of such a key, std::nullopt for
/// another id.
inline std::optional<KeyAlgorithm> clientSecretAlgorithm(const Uuid& keyId) {
    constexpr std::array<std::pair<std::string_view, KeyAlgorithm>, 3> known{
        {{"092dbedc-30af-4149-9c61-b578f2c72f59", KeyAlgorithm::hs256},
         {"4b8f1c06-518e-45bd-9ac5-d549686ae02a", KeyAlgorithm::hs384},
         {"c753a44d-7f2e-48d3-bc4e-c2c16488a23b", KeyAlgorithm::hs512}}};
    for (const auto& [id, algorithm] : known) {
        if (id == keyId.toText()) return algorithm;
    }
    return std::nullopt;
}

}  // namespace changebank::kickstart
