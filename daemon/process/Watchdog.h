#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "changebank/daemon/process/ServiceNotification.h"

namespace changebank::daemon {

/// Sends keep-alives to the service manager's watchdog, twice per timeout, as long as a check succeeds. Logs
/// a failed check and sends nothing, so that the manager restarts the daemon. Runs on its own thread, so that
/// nothing else delays it. Does nothing without a watchdog.
class Watchdog {
public:
    /// `isResponsive` returns whether every event loop responded within `timeout`. Both must outlive this
    /// object.
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
