#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace changebank {

/// The C library's message for an error number, by default for errno.
inline std::string errnoText(int error = errno) {
    return std::generic_category().message(error);
}

}  // namespace changebank
