#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <variant>

#include "changebank/security/jose/JwkSet.h"

namespace changebank::daemon {

/// Why a file of public keys is unusable, as the end of a sentence that begins with the file's name.
struct BadPublicKeys {
    std::string why;
};

/// A file has at most that many keys, since a signature may have to be tried with each.
inline constexpr std::size_t maxPublicKeys = 16;

/// The keys of a file, of which there is one at least: a JWK set, a JWK, or a public key or certificate in
/// PEM (whose dates and issuer do not count). All of them must be usable: see security::JsonWebKey::import().
std::variant<std::shared_ptr<const security::JwkSet>, BadPublicKeys> readPublicKeys(const std::string& path);

}  // namespace changebank::daemon
