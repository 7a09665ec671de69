#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "changebank/daemon/http/loop/ServerLimits.h"

namespace changebank::http {

/// The limits that a server's event loops copy, and copy again when others took their place: to see whether
/// they did costs a loop no lock. Usable from any thread.
class ReplaceableLimits {
public:
    explicit ReplaceableLimits(const ServerLimits& limits) : _limits(limits) {}

    void replace(const ServerLimits& limits) {
        const std::lock_guard lock(_mutex);
        _limits = limits;
        _generation.fetch_add(1, std::memory_order_release);
    }

    ServerLimits current() const {
        const std::lock_guard lock(_mutex);
        return _limits;
    }

    /// Grows with each replacement.
    std::uint64_t generation() const { return _generation.load(std::memory_order_acquire); }

private:
    mutable std::mutex _mutex;
    ServerLimits _limits;
    std::atomic<std::uint64_t> _generation{0};
};

}  // namespace changebank::http
