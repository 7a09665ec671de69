#pragma once

#include <memory>

#include "changebank/base/handler/AccessObserver.h"
#include "changebank/daemon/revocation/WebhookCounters.h"
#include "changebank/daemon/service/EventLog.h"

namespace changebank::daemon {

/// Counts and logs requests to the webhook that the server itself refused, such as those with too large a
/// body: they may have been events, and no handler has seen them.
class UnreadEvents : public AccessObserver {
public:
    UnreadEvents(std::shared_ptr<WebhookCounters> counters, std::shared_ptr<EventLog> log);

    void answered(const AccessRecord& record) noexcept override;

private:
    const std::shared_ptr<WebhookCounters> _counters;
    const std::shared_ptr<EventLog> _log;
};

}  // namespace changebank::daemon
