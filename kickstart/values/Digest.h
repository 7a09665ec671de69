#pragma once

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <string>
#include <string_view>

#include "changebank/base/system/OpenSsl.h"

namespace changebank::kickstart {

/// The SHA-256 digest (FIPS 180-4) of a text, 32 bytes.
inline std::string sha256(std::string_view text) {
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(octets(text), text.size(), reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

/// Compares secrets in constant time; only their length shows.
inline bool areEqualSecrets(std::string_view one, std::string_view other) {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace changebank::kickstart
