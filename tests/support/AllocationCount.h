#pragma once

#include <cstddef>

namespace changebank::tests {

/// How often the threads that asked for it took memory from the general heap. A program that uses this gets
/// its allocation functions (operator new and delete) from here; they count and then go to malloc() and
/// free().
class AllocationCount {
public:
    /// Has the calling thread's allocations counted from now on.
    static void includeThisThread() noexcept;

    /// Allocations so far, of all the threads that are counted.
    static std::size_t now() noexcept;
};

}  // namespace changebank::tests
