#include "changebank/daemon/service/EventLog.h"

#include <exception>

namespace changebank::daemon {

void EventLog::warn(EventOutcome outcome, const std::string& why, const std::string& client) noexcept {
    try {
        _logs[static_cast<std::size_t>(outcome)].warn("event from " + client + " " +
                                                      std::string(nameOf(outcome)) + ": " + why);
    } catch (const std::exception&) {
        // Out of memory; the metrics count what happened.
        return;
    }
}

}  // namespace changebank::daemon
