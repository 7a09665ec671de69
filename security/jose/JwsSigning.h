#pragma once

#include <string>
#include <string_view>

#include "changebank/base/system/OpenSsl.h"

namespace changebank::security {

/// Signs a header and a payload: the compact serialization of a JWS (RFC 7515 section 3.1). `digest` is that
/// of the header's `alg`; nullptr for Ed25519. Throws std::runtime_error if OpenSSL fails.
std::string signJws(EVP_PKEY& key, const EVP_MD* digest, std::string_view header, std::string_view payload);

}  // namespace changebank::security
