#pragma once

#include <atomic>
#include <chrono>

namespace changebank::daemon {

/// When the daemon was started and whether it is draining. Thread-safe.
class Lifecycle {
public:
    std::chrono::system_clock::time_point startedAt() const noexcept { return _startedAt; }

    std::chrono::milliseconds uptime() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                     _started);
    }

    bool isDraining() const noexcept { return _isDraining; }
    void drain() noexcept { _isDraining = true; }

private:
    const std::chrono::system_clock::time_point _startedAt = std::chrono::system_clock::now();
    const std::chrono::steady_clock::time_point _started = std::chrono::steady_clock::now();
    std::atomic<bool> _isDraining{false};
};

}  // namespace changebank::daemon
