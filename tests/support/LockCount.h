#pragma once

#include <cstddef>

namespace changebank::tests {

/// How often the threads that asked for it locked, or tried to lock, a mutex or a lock for readers and
/// writers. A program that uses this gets the functions of POSIX threads for that from here; they count and
/// then go to the C library's.
class LockCount {
public:
    /// Sanitizers have functions of their own, so nothing is counted there.
#ifdef CHANGEBANK_SANITIZED
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
