#pragma once

#include <chrono>
#include <csignal>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "changebank/base/system/FileDescriptor.h"

namespace changebank::daemon {

/// What the main thread is told to do, one thing after another in one place: signals (SIGINT, SIGTERM,
/// SIGHUP, SIGUSR1), which no handler sees, and tasks that other threads hand over. To be made in the main
/// thread before any other is started, so that all of them inherit the blocked mask. SIGPIPE is ignored from
/// then on.
class SignalLoop {
public:
    using Task = std::function<void()>;

    /// Throws Poco::SystemException.
    SignalLoop();

    /// Runs tasks as they come until there is a signal, and returns its number. For the main thread.
    int wait() { return *waitUntil(std::nullopt); }

    /// The same, but std::nullopt when that time is over. For the main thread.
    std::optional<int> waitFor(std::chrono::milliseconds time);

    /// Has the main thread run a task. For any thread.
    void post(Task task);

    /// Drops tasks that wait and all that come later, for an end of the main thread's work: whoever waits for
    /// one (std::promise) learns that it is broken. For any thread.
    void close();

private:
    using Time = std::chrono::steady_clock::time_point;

    std::optional<int> waitUntil(std::optional<Time> end);
    std::optional<int> takeSignal();
    void runTasks();

    FileDescriptor _signals;
    FileDescriptor _wakeUp;
    std::mutex _mutex;
    std::vector<Task> _tasks;
    bool _isClosed = false;
};

}  // namespace changebank::daemon
