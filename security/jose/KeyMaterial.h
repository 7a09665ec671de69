#pragma once

#include <string>
#include <variant>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/base/text/Json.h"
#include "changebank/security/jose/Algorithm.h"

namespace changebank::security {

/// A public key out of a JWK, and its family.
struct KeyMaterial {
    EvpKey key;
    KeyFamily family;
};

/// Builds the OpenSSL key from the members kty, crv, n, e, x and y of a JWK and checks it; the text says why
/// that failed. See JsonWebKey::import() for what is refused. Leaves OpenSSL's error queue empty.
std::variant<KeyMaterial, std::string> readKeyMaterial(const Json& jwk);

}  // namespace changebank::security
