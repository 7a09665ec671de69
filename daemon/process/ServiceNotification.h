#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "changebank/base/system/FileDescriptor.h"

namespace changebank::daemon {

/// Tells the service manager what state the daemon is in (sd_notify(3)): one datagram to the socket that
/// NOTIFY_SOCKET names, be it a path or an abstract name. Does nothing where there is none, and never fails:
/// a manager that does not listen is no reason to stop serving. Keeps its socket open, so that it also speaks
/// when there are no descriptors left. Usable from any thread.
class ServiceNotification {
public:
    /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and takes them out of the environment, so that no
    /// child speaks in our name. To be made before there are threads.
    ServiceNotification();

    bool isOn() const noexcept { return !_address.empty(); }

    /// The daemon serves. `status` is one line for people, also below.
    void ready(const std::string& status) const { send("READY=1\nSTATUS=" + status); }

    /// Settings are being read anew; ready() says when that is over. Names the time, as Type=notify-reload
    /// wants it.
    void reloading() const;

    void status(const std::string& status) const { send("STATUS=" + status); }

    /// The daemon stops, which may take as long as that.
    void stopping(std::chrono::milliseconds atMost) const;

    /// The daemon lives.
    void alive() const { send("WATCHDOG=1"); }

    /// How long the manager waits for alive() before it takes the daemon for dead; std::nullopt: it does not.
    std::optional<std::chrono::microseconds> watchdog() const noexcept { return _watchdog; }

private:
    void send(const std::string& message) const;

    /// As sockaddr_un has it: an abstract name begins with NUL.
    std::string _address;
    FileDescriptor _socket;
    std::optional<std::chrono::microseconds> _watchdog;
};

}  // namespace changebank::daemon
