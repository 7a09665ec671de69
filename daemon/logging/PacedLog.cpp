#include "changebank/daemon/logging/PacedLog.h"

#include <utility>

#include "changebank/daemon/logging/Logging.h"

namespace changebank::daemon {

void PacedLog::warn(std::string text) noexcept {
    try {
        const std::lock_guard lock(_mutex);
        const auto now = _clock.monotonic();
        if (now < _nextLine) {
            ++_unreported;
            return;
        }
        _nextLine = now + pause;
        if (const auto others = std::exchange(_unreported, 0); others > 0)
            text += " (" + std::to_string(others) + " more since the last such line)";
        log(Poco::Message::PRIO_WARNING, text);
    } catch (const std::exception&) {
        // Out of memory; the metrics count what happened.
        return;
    }
}

}  // namespace changebank::daemon
