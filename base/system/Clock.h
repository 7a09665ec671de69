#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace changebank {

/// Where time comes from. Tests inject their own, so that nothing ever sleeps to make something expire.
/// All members may be called from any thread.
class Clock {
public:
    using Monotonic = std::chrono::steady_clock::time_point;
    using Wall = std::chrono::system_clock::time_point;

    virtual ~Clock() = default;

    /// For ages and deadlines: never set back.
    virtual Monotonic monotonic() const = 0;

    /// For the times in tokens (RFC 7519 section 2, NumericDate).
    virtual Wall wall() const = 0;

    /// Waits until notified or until `deadline` has come, whichever is first; may wake early for no reason.
    virtual void waitUntil(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                           Monotonic deadline) = 0;

    /// The machine's clocks. Lives as long as the process.
    static Clock& system();
};

}  // namespace changebank
