#pragma once

#include <optional>
#include <string>

#include "changebank/base/text/Json.h"

namespace changebank::security {

/// What a thumbprint of a public key covers (RFC 7638 section 3.3, RFC 8037 section 2): a JWK with the
/// members that make the key and no others, in their order. std::nullopt if `kty` is none of RSA, EC and OKP,
/// or if one of those members is not a string.
std::optional<std::string> thumbprintInput(const Json& jwk);

/// The SHA-256 thumbprint of a public key (RFC 7638 section 3) as 43 characters of base64url; std::nullopt if
/// there is no thumbprintInput().
std::optional<std::string> keyThumbprint(const Json& jwk);

}  // namespace changebank::security
