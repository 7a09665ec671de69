#include "kickstart/RandomOctets.h"

#include <openssl/rand.h>

#include <stdexcept>

namespace changebank::kickstart {

std::string randomOctets(std::size_t count) {
    std::string octets(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(count)) != 1) {
        throw std::runtime_error("OpenSSL's random number generator failed");
    }
    return octets;
}

}  // namespace changebank::kickstart
