#pragma once

#include <chrono>
#include <csignal>
#include <optional>

namespace changebank::daemon {

/// The signals that tell the daemon something (SIGINT, SIGTERM, SIGHUP, SIGUSR1), taken one after another in
/// one place instead of by handlers. To be made in the main thread before any other is started, so that all
/// of them inherit the blocked mask. SIGPIPE is ignored from then on.
class SignalQueue {
public:
    SignalQueue();

    /// Waits for the next signal and returns its number.
    int wait() const;

    /// Waits for the next signal, but not longer than that; std::nullopt if none came.
    std::optional<int> waitFor(std::chrono::milliseconds time) const;

private:
    sigset_t _signals{};
};

}  // namespace changebank::daemon
