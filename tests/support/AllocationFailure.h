#pragma once

#include <cstddef>

namespace changebank::tests {

/// While it lives, an allocation of the calling thread (operator new) throws std::bad_alloc: the one with the
/// given number, counted from 1, or that one and all later ones. One at a time for each thread.
class AllocationFailure {
public:
    enum class Extent { One, AllFrom };

    explicit AllocationFailure(std::size_t number, Extent extent = Extent::One) noexcept;
    ~AllocationFailure();
    AllocationFailure(const AllocationFailure&) = delete;
    AllocationFailure& operator=(const AllocationFailure&) = delete;

    /// Whether there were so many allocations.
    bool happened() const noexcept;
};

}  // namespace changebank::tests
