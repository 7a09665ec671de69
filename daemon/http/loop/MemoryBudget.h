#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>

#include "changebank/base/system/Clock.h"

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

    /// Whether a flood is over, so that it is worth while to return free memory to the system: three quarters
    /// of at least `minTrim` bytes were given back since this last returned true. To be called regularly;
    /// true at most once in `trimPause`, since a trim may delay threads that allocate.
    bool isTrimDue(Clock::Monotonic time) {
        const auto now = used();
        auto peak = _peak.load(std::memory_order_relaxed);
        if (now > peak) _peak.store(now, std::memory_order_relaxed);
        if (peak < minTrim || now > peak / 4 || time < _nextTrim.load(std::memory_order_relaxed))
            return false;
        if (!_peak.compare_exchange_strong(peak, now, std::memory_order_relaxed)) return false;
        _nextTrim.store(time + trimPause, std::memory_order_relaxed);
        return true;
    }

    static constexpr std::size_t minTrim = std::size_t{8} * 1024 * 1024;
    static constexpr std::chrono::minutes trimPause{1};

private:
    std::atomic<std::size_t> _max;
    std::atomic<std::size_t> _used{0};
    /// The most that isTrimDue() has seen since the last trim.
    std::atomic<std::size_t> _peak{0};
    std::atomic<Clock::Monotonic> _nextTrim{Clock::Monotonic::min()};
};

}  // namespace changebank::http
