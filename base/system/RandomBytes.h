#pragma once

#include <cstddef>
#include <string>

namespace changebank {

/// `count` bytes from OpenSSL's random number generator, for salts and keys. Throws std::runtime_error if the
/// generator fails.
std::string randomBytes(std::size_t count);

}  // namespace changebank
