#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/revocation/RecentEvents.h"
#include "changebank/daemon/revocation/Revocations.h"
#include "changebank/daemon/revocation/WebhookCounters.h"
#include "changebank/daemon/revocation/WebhookKeys.h"

namespace changebank::daemon {

/// What the route needs. Everything is thread-safe; no function is empty or throws.
struct WebhookContext {
    std::shared_ptr<const WebhookKeys> keys;
    /// Revocations::revoke().
    std::function<Revocations::Result(const security::Revocation&)> revoke;
    std::shared_ptr<WebhookCounters> counters;
    std::shared_ptr<RecentEvents> recent;
    /// Starts to refresh the issuers' keys and does not wait.
    std::function<void()> refreshKeys;
    /// Called with each revocation that was kept, before the answer: writes the audit log. A revocation is in
    /// effect then, so that a failure to record it is not FusionAuth's concern, whose user's action it could
    /// abort: the audit log reports it itself, and the answer is 200.
    std::function<void(const security::Revocation&, const std::string& eventId, const std::string& client)>
        kept;
    /// Called for each event that is not answered by 200, for the log, which bounds their number: anybody who
    /// reaches the listener can send some. `why` is one line.
    std::function<void(EventOutcome, const std::string& why, const std::string& client)> report;
    /// How far createInstant may be ahead of our clock.
    std::chrono::seconds leeway{60};
    /// 503 answers say to come back after it.
    std::chrono::seconds retryAfter{5};
    Clock& clock = Clock::system();
};

/// POST /webhooks/fusionauth. Answers
///
///     200  {"outcome":NAME}: "kept", "unchanged", "duplicate" or "ignored" (nameOf())
///     401  no field X-FusionAuth-Signature-JWT, several, or one that is not good
///     400  signed, but not understood, or from the future
///     503  with Retry-After: not kept
///
/// the latter with {"error":…}. FusionAuth takes all but 200 as a failure, and may try again or abort its
/// user's action. Shows and logs nothing of the event, but what is wrong with it. The server limits the body.
Poco::Net::HTTPRequestHandlerFactory::Ptr webhookRoutes(std::shared_ptr<const WebhookContext> context);

}  // namespace changebank::daemon
