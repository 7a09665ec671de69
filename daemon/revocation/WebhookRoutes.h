#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/revocation/RecentEvents.h"
#include "changebank/daemon/revocation/Revocations.h"
#include "changebank/daemon/revocation/WebhookCounters.h"
#include "changebank/daemon/revocation/WebhookKeys.h"

namespace changebank::daemon {

/// What the route needs. Everything is thread-safe.
struct WebhookContext {
    std::shared_ptr<const WebhookKeys> keys;
    std::shared_ptr<Revocations> revocations;
    std::shared_ptr<WebhookCounters> counters;
    std::shared_ptr<RecentEvents> recent;
    /// Starts to refresh the issuers' keys and does not wait.
    std::function<void()> refreshKeys;
    /// Called with each revocation that was kept, before the answer: the audit log. Returns false if it could
    /// not be recorded.
    std::function<bool(const security::Revocation&, const std::string& eventId, const std::string& client)> kept;
    /// How far createInstant may be ahead of our clock.
    std::chrono::seconds leeway{60};
    /// 503 answers say to come back after it.
    std::chrono::seconds retryAfter{5};
    Clock& clock = Clock::system();
};

/// POST /webhooks/fusionauth. 200 {"outcome":…} once the event is written down (or needs no writing), 400, 401
/// or 503 with {"error":…}. Never shows anything of the event, but what is wrong with it.
Poco::Net::HTTPRequestHandlerFactory::Ptr webhookRoutes(std::shared_ptr<const WebhookContext> context);

}  // namespace changebank::daemon
