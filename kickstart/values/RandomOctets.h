#pragma once

#include <openssl/rand.h>

#include <cstddef>
#include <stdexcept>
#include <string>

#include "changebank/base/text/Base64Url.h"

namespace changebank::kickstart {

/// That many octets from OpenSSL's random number generator, fit for salts and keys. Throws std::runtime_error
/// if the generator has no entropy.
inline std::string randomOctets(std::size_t count) {
    std::string octets(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(count)) != 1) {
        throw std::runtime_error("OpenSSL's random number generator failed");
    }
    return octets;
}

/// A text of 43 characters that nobody can guess, in base64url: 32 random octets.
inline std::string randomText() {
    return encodeBase64Url(randomOctets(32));
}

}  // namespace changebank::kickstart
