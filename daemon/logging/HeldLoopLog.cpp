#include "changebank/daemon/logging/HeldLoopLog.h"

#include <new>
#include <string>

#include "changebank/base/text/Json.h"

namespace changebank::daemon {

void HeldLoopLog::report(std::string_view route, std::chrono::milliseconds duration) noexcept {
    try {
        _log.warn("watchdog: route " + quoteJson(route) + " held an event loop for " +
                  std::to_string(duration.count()) +
                  " ms, and all other requests there; a handler that waits needs Waits::shared in its route");
    } catch (const std::bad_alloc&) {
        // The metric counts it.
        return;
    }
}

}  // namespace changebank::daemon
