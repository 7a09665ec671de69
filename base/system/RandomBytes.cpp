#include "changebank/base/system/RandomBytes.h"

#include <openssl/rand.h>

#include <stdexcept>

namespace changebank {

std::string randomBytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
        throw std::runtime_error("OpenSSL's random number generator failed");
    }
    return bytes;
}

}  // namespace changebank
