#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "changebank/base/system/FileDescriptor.h"

namespace changebank::daemon {

/// Notifies the service manager of the daemon's state (sd_notify(3)): one datagram to the socket in
/// NOTIFY_SOCKET, either a path or an abstract name. Does nothing without that variable, and ignores errors,
/// since a manager that does not listen must not stop the daemon. Keeps its socket open, so that it also
/// works when no descriptors are left. Thread-safe.
class ServiceNotification {
public:
    /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID and removes them from the environment, so that no
    /// child notifies in our name. Create it before any thread is started.
    ServiceNotification();

    bool isOn() const noexcept { return !_address.empty(); }

    /// The daemon serves. `status` is one line for people, also in status().
    void ready(const std::string& status) const { send("READY=1\nSTATUS=" + status); }

    /// A reload has begun; ready() ends it. Includes the time stamp that Type=notify-reload requires.
    void reloading() const;

    void status(const std::string& status) const { send("STATUS=" + status); }

    /// The daemon is stopping, within that time.
    void stopping(std::chrono::milliseconds atMost) const;

    /// The watchdog's keep-alive.
    void alive() const { send("WATCHDOG=1"); }

    /// The watchdog's timeout between two calls of alive(); std::nullopt without a watchdog.
    std::optional<std::chrono::microseconds> watchdog() const noexcept { return _watchdog; }

private:
    void send(const std::string& message) const;

    /// In the form of sockaddr_un: an abstract name begins with NUL.
    std::string _address;
    FileDescriptor _socket;
    std::optional<std::chrono::microseconds> _watchdog;
};

}  // namespace changebank::daemon
