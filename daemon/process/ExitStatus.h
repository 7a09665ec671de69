#pragma once

namespace changebank::daemon {

/// How our programs end, in the numbers of sysexits.h.
enum ExitStatus : int {
    exitOk = 0,
    /// changebankctl: no daemon runs, the number that init scripts use for that.
    exitNotRunning = 3,
    exitUsage = 64,
    /// The address cannot be listened on, or another instance holds the pid file.
    exitUnavailable = 69,
    exitSoftware = 70,
    exitNoPermission = 77,
    exitConfiguration = 78,
};

}  // namespace changebank::daemon
