#pragma once

#include <cstddef>
#include <string>

namespace changebank::kickstart {

/// That many octets from OpenSSL's random number generator, fit for salts and keys. Throws std::runtime_error
/// if the generator has no entropy.
std::string randomOctets(std::size_t count);

}  // namespace changebank::kickstart
