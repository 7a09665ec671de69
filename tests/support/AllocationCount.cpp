#include "tests/support/AllocationCount.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

thread_local bool counted = false;
std::atomic<std::size_t> allocations{0};

}  // namespace

void* operator new(std::size_t size) {
    if (counted) ++allocations;
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

}  // namespace changebank::tests
