#pragma once

#include <cstddef>

namespace changebank::tests {

/// How often the threads that asked for it locked a mutex. A program that uses this gets pthread_mutex_lock()
/// from here; it counts and then goes to the C library's.
class LockCount {
public:
    /// Sanitizers have their own pthread_mutex_lock(), so nothing is counted there.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    static constexpr bool isCounting = false;
#else
    static constexpr bool isCounting = true;
#endif

    /// Has the calling thread's locks counted from now on.
    static void includeThisThread() noexcept;

    /// Locks so far, of all the threads that are counted.
    static std::size_t now() noexcept;
};

}  // namespace changebank::tests
