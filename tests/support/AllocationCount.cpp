#include "tests/support/AllocationCount.h"

#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/support/AllocationFailure.h"

namespace {

using changebank::tests::AllocationFailure;

thread_local bool counted = false;
std::atomic<std::size_t> allocations{0};

/// What an AllocationFailure does to its thread.
struct Failing {
    bool active = false;
    AllocationFailure::Extent extent = AllocationFailure::Extent::One;
    std::size_t left = 0;  ///< Allocations before the one that fails.
    bool happened = false;
};
thread_local Failing failing;

bool fails() noexcept {
    if (!failing.active) return false;
    if (failing.left > 0) return --failing.left == 0 && (failing.happened = true);
    return failing.extent == AllocationFailure::Extent::AllFrom;
}

}  // namespace

void* operator new(std::size_t size) {
    if (counted) ++allocations;
    if (fails()) throw std::bad_alloc();
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace changebank::tests {

void AllocationCount::includeThisThread() noexcept {
    counted = true;
}

std::size_t AllocationCount::now() noexcept {
    return allocations;
}

AllocationFailure::AllocationFailure(std::size_t number, Extent extent) noexcept {
    failing = {true, extent, number, false};
}

AllocationFailure::~AllocationFailure() {
    failing.active = false;
}

bool AllocationFailure::happened() const noexcept {
    return failing.happened;
}

}  // namespace changebank::tests
