#include "changebank/daemon/logging/HeldLoopLog.h"

#include <string>
#include <utility>

#include "changebank/base/text/Json.h"
#include "changebank/daemon/logging/Logging.h"

namespace changebank::daemon {

void HeldLoopLog::report(std::string_view route, std::chrono::milliseconds duration) noexcept {
    try {
        const std::lock_guard lock(_mutex);
        const auto now = _clock.monotonic();
        if (now < _nextLine) {
            ++_unreported;
            return;
        }
        _nextLine = now + pause;
        auto text =
            "watchdog: route " + quoteJson(route) + " held an event loop for " +
            std::to_string(duration.count()) +
            " ms, and all other requests there; a handler that waits needs Waits::shared in its route";
        if (const auto others = std::exchange(_unreported, 0); others > 0)
            text += " (" + std::to_string(others) + " more since the last such line)";
        log(Poco::Message::PRIO_WARNING, text);
    } catch (const std::exception&) {
        // Out of memory; the metric counts it.
        return;
    }
}

}  // namespace changebank::daemon
