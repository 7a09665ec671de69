#pragma once

#include <chrono>
#include <csignal>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "changebank/base/system/FileDescriptor.h"

namespace changebank::daemon {

/// The main thread's event loop: receives signals (SIGINT, SIGTERM, SIGHUP, SIGUSR1) by signalfd, without a
/// handler, and runs tasks posted by other threads. Create it on the main thread before starting any other,
/// so that all threads inherit the blocked signal mask. Ignores SIGPIPE from then on.
class SignalLoop {
public:
    using Task = std::function<void()>;

    /// Throws Poco::SystemException.
    SignalLoop();

    /// Keeps SIGHUP and SIGUSR1, which end a process by default, for the SignalLoop that is created later.
    /// Call it first in main(). SIGINT and SIGTERM still end a process that serves nothing yet.
    static void keepEarlySignals() noexcept;

    /// Runs tasks until a signal arrives, and returns its number. For the main thread.
    int wait() { return *waitUntil(std::nullopt); }

    /// Like wait(), but returns std::nullopt after `time`. For the main thread.
    std::optional<int> waitFor(std::chrono::milliseconds time);

    /// Queues a task for the main thread. For any thread.
    void post(Task task);

    /// Discards queued and all later tasks, when the main thread stops: a std::promise in such a task is
    /// broken, so that waiting threads continue. For any thread.
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
