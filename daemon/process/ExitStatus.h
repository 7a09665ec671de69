#pragma once

namespace changebank::daemon {

/// Exit statuses, with the numbers of sysexits.h.
enum ExitStatus : int {
    exitOk = 0,
    /// changebankctl: no daemon is running; the number that init scripts use for this.
    exitNotRunning = 3,
    exitUsage = 64,
    /// Cannot listen on an address, or another instance holds the pid file.
    exitUnavailable = 69,
    exitSoftware = 70,
    exitNoPermission = 77,
    exitConfiguration = 78,
};

}  // namespace changebank::daemon
