#pragma once

#include <openssl/rand.h>

#include <cstddef>
#include <stdexcept>
#include <string>

#include "changebank/base/text/Base64Url.h"

namespace changebank::kickstart {

/// `count` bytes from OpenSSL's random number generator, for salts and keys. Throws std::runtime_error if the
/// generator fails.
inline std::string randomBytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
        throw std::runtime_error("OpenSSL's random number generator failed");
    }
    return bytes;
}

/// 32 random bytes in base64url, 43 characters.
inline std::string randomText() {
    return encodeBase64Url(randomBytes(32));
}

}  // namespace changebank::kickstart
