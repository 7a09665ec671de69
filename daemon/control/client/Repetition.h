#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "changebank/daemon/control/client/AdminClient.h"

namespace changebank::daemon {

/// A command that asks the daemon again and again, also past its restart.
struct Repetition {
    /// Asks and shows the answer. Returns why it could not.
    std::function<std::optional<AdminFault>()> round;
    /// Shows why a later round failed. The first one's failure ends the command.
    std::function<void(const AdminFault&)> failed;
    /// Waits for the next round; returns false to end.
    std::function<bool()> wait;

    /// Returns the exit status: 0 after wait() or the end of standard output, else that of a failure.
    int run() const;

    /// Waits that long, for ever and ever.
    static std::function<bool()> every(std::chrono::milliseconds interval);
};

}  // namespace changebank::daemon
