#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace changebank {

/// The source of time. Tests inject their own instead of sleeping. All members may be called from any thread.
class Clock {
public:
    using Monotonic = std::chrono::steady_clock::time_point;
    using Wall = std::chrono::system_clock::time_point;

    virtual ~Clock() = default;

    /// For ages and deadlines: never goes back.
    virtual Monotonic monotonic() const = 0;

    /// For the times in tokens (RFC 7519 section 2, NumericDate).
    virtual Wall wall() const = 0;

    /// Waits until notified or until `deadline`, whichever comes first; may wake spuriously.
    virtual void waitUntil(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                           Monotonic deadline) = 0;

    /// The machine's clocks. Lives as long as the process.
    static Clock& system();
};

/// A time in whole seconds since 1970 (RFC 7519 section 2, NumericDate), rounded down.
inline double wholeSeconds(Clock::Wall time) {
    return static_cast<double>(std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count());
}

}  // namespace changebank
