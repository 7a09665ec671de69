#pragma once

#include <optional>
#include <string>

#include "changebank/base/text/Json.h"

namespace changebank::security {

/// The SHA-256 thumbprint of a public key (RFC 7638 section 3, RFC 8037 section 2) as 43 characters of
/// base64url. It covers the members that make the key and no others. std::nullopt if `kty` is none of RSA, EC
/// and OKP, or if one of those members is not a string.
std::optional<std::string> keyThumbprint(const Json& jwk);

}  // namespace changebank::security
