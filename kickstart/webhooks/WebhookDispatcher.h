#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <vector>

#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/directory/Event.h"
#include "changebank/kickstart/values/Uuid.h"
#include "changebank/kickstart/webhooks/WebhookCourier.h"

namespace changebank::kickstart {

/// Delivers events to webhooks, to each of them in order; none waits for another. Thread-safe.
class WebhookDispatcher {
public:
    /// Long enough for a receiver that is being restarted. With them there are four attempts, as in
    /// FusionAuth.
    static WebhookCourier::Pauses usualPauses();

    explicit WebhookDispatcher(WebhookCourier::Report report, WebhookCourier::Pauses pauses = usualPauses());

    /// Queues the events that both the tenant's eventConfiguration and a webhook's eventsEnabled name. Never
    /// waits for a webhook. An observer of the directory; see Directory::observe().
    void announce(const DirectoryState& state, const std::vector<Event>& events);

private:
    const WebhookCourier::Report _report;
    const WebhookCourier::Pauses _pauses;
    std::mutex _mutex;
    /// By the webhook's id. One that was deleted keeps its own, which then has nothing to do.
    std::map<Uuid, WebhookCourier> _couriers;
};

}  // namespace changebank::kickstart
