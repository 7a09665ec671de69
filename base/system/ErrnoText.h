#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace changebank {

/// What the C library says of an error number; by default of the thread's last error.
inline std::string errnoText(int error = errno) {
    return std::generic_category().message(error);
}

}  // namespace changebank
