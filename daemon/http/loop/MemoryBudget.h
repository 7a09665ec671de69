#pragma once

#include <atomic>
#include <cstddef>

namespace changebank::http {

/// The memory that all connections of a server hold, and its limit, in bytes. The loops add and subtract what
/// their connections hold, and evict some while the limit is exceeded. Usable from any thread.
class MemoryBudget {
public:
    explicit MemoryBudget(std::size_t max) : _max(max) {}

    void setMax(std::size_t max) { _max.store(max, std::memory_order_relaxed); }

    void add(std::size_t bytes) { _used.fetch_add(bytes, std::memory_order_relaxed); }
    void subtract(std::size_t bytes) { _used.fetch_sub(bytes, std::memory_order_relaxed); }

    std::size_t used() const { return _used.load(std::memory_order_relaxed); }
    bool isExceeded() const { return used() > _max.load(std::memory_order_relaxed); }

private:
    std::atomic<std::size_t> _max;
    std::atomic<std::size_t> _used{0};
};

}  // namespace changebank::http
