#pragma once

#include <array>
#include <string>

#include "changebank/daemon/logging/PacedLog.h"
#include "changebank/daemon/revocation/WebhookCounters.h"

namespace changebank::daemon {

/// Warns of events that were not taken. Each outcome has a pace of its own, so that what anybody can send
/// does not hide the line about an event of FusionAuth that was lost. Usable from any thread.
class EventLog {
public:
    /// `why` is one line.
    void warn(EventOutcome outcome, const std::string& why, const std::string& client) noexcept;

private:
    std::array<PacedLog, eventOutcomeCount> _logs;
};

}  // namespace changebank::daemon
