#pragma once

#include <sys/types.h>

#include <cerrno>

namespace changebank {

/// The result of a system call that is repeated while signals interrupt it.
template <typename Call>
ssize_t uninterrupted(Call call) {
    for (;;) {
        const ssize_t result = call();
        if (result >= 0 || errno != EINTR) return result;
    }
}

}  // namespace changebank
