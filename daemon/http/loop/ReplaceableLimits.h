#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "changebank/daemon/http/loop/ServerLimits.h"

namespace changebank::http {

/// Limits with atomic replacement. Event loops keep a copy and compare generation(), which needs no lock, to
/// see whether to refresh it. Usable from any thread.
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

    /// Increases with each replace().
    std::uint64_t generation() const { return _generation.load(std::memory_order_acquire); }

private:
    mutable std::mutex _mutex;
    ServerLimits _limits;
    std::atomic<std::uint64_t> _generation{0};
};

}  // namespace changebank::http
