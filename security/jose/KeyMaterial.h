#pragma once

#include <string>
#include <variant>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/base/text/Json.h"
#include "changebank/security/jose/Algorithm.h"

namespace changebank::security {

/// A public key from a JWK, and its family.
struct KeyMaterial {
    EvpKey key;
    KeyFamily family;
};

enum class KeyCheck : unsigned char {
    /// All of them; those of a long RSA modulus take up to a fifth of a second.
    full,
    /// Those that take microseconds: lengths, parities, known weaknesses, and that a point is on its curve.
    form,
};

/// Builds and checks the OpenSSL key from the members kty, crv, n, e, x and y of a JWK, or returns why that
/// failed. See JsonWebKey::import() for what is rejected. Leaves OpenSSL's error queue empty.
std::variant<KeyMaterial, std::string> readKeyMaterial(const Json& jwk, KeyCheck check = KeyCheck::full);

}  // namespace changebank::security
