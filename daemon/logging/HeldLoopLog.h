#pragma once

#include <chrono>
#include <string_view>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/logging/PacedLog.h"

namespace changebank::daemon {

/// Warns of handlers that held an event loop, which holds up every other request there. Usable from any
/// thread.
class HeldLoopLog {
public:
    explicit HeldLoopLog(Clock& clock = Clock::system()) : _log(clock) {}

    /// `route` is empty if no route was found yet.
    void report(std::string_view route, std::chrono::milliseconds duration) noexcept;

private:
    PacedLog _log;
};

}  // namespace changebank::daemon
