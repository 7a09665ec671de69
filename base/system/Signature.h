#pragma once

#include <string>
#include <string_view>

#include "changebank/base/system/OpenSsl.h"

namespace changebank {

/// The signature of a text with a private key. With a key on a curve of NIST's, it is the two numbers of
/// ECDSA side by side, each as long as the curve (RFC 7518 section 3.4). `digest` is nullptr for Ed25519.
/// Throws std::runtime_error if OpenSSL fails.
std::string sign(EVP_PKEY& key, const EVP_MD* digest, std::string_view text);

}  // namespace changebank
