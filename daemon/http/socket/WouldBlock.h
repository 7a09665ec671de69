#pragma once

#include <cerrno>

namespace changebank::http {

/// Whether an operation on a socket that does not wait failed with this errno only because it would have to.
inline bool wouldBlock(int error) noexcept {
    return error == EAGAIN || error == EWOULDBLOCK;
}

}  // namespace changebank::http
