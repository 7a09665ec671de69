#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "changebank/base/system/OpenSsl.h"

namespace changebank::security {

/// The public half of a key as a JWK (RFC 7518 section 6, RFC 8037): one line of JSON with the members that
/// make the key and no others. Empty for a key of a kind, or on a curve, that is not supported. Does not
/// check the key: JsonWebKey::import() does. Leaves OpenSSL's error queue empty.
std::string publicJwk(const EVP_PKEY& key);

/// Why a PEM text is not a public key, as the end of a sentence that begins with its name; without key
/// material.
struct NoPublicKey {
    std::string why;
};

/// The JWK of the only block of a PEM text (RFC 7468): a public key (`PUBLIC KEY`), or a certificate, of
/// which nothing but the key counts.
std::variant<std::string, NoPublicKey> jwkOfPem(std::string_view pem);

}  // namespace changebank::security
