#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "changebank/daemon/process/ServiceNotification.h"

namespace changebank::daemon {

/// Tells the service manager's watchdog that the daemon lives, as long as a check says so: twice in the time
/// after which the manager would take it for dead. A check that fails is logged, and the manager is left to
/// do what it is there for. Works on a thread of its own, so that nothing the daemon waits for holds it up.
/// Does nothing where the manager has no watchdog.
class Watchdog {
public:
    /// `isResponsive` gets the time that it may take, and returns whether every event loop came round within
    /// it. Both must outlive the watchdog.
    Watchdog(const ServiceNotification& notification,
             std::function<bool(std::chrono::milliseconds timeout)> isResponsive);
    ~Watchdog();

    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

private:
    void watch(std::chrono::milliseconds interval);
    bool isStoppedAfter(std::chrono::milliseconds time);

    const ServiceNotification& _notification;
    std::function<bool(std::chrono::milliseconds timeout)> _isResponsive;
    std::mutex _mutex;
    std::condition_variable _changed;
    bool _stopped = false;
    std::thread _thread;
};

}  // namespace changebank::daemon
