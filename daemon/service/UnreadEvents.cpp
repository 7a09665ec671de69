#include "changebank/daemon/service/UnreadEvents.h"

#include <Poco/Net/HTTPResponse.h>

#include <exception>
#include <string>
#include <utility>

namespace changebank::daemon {

using Poco::Net::HTTPResponse;

namespace {

/// The webhook notes a denial with each of its own refusals; the router's are of requests that are no events.
bool isOfServer(const AccessRecord& record) {
    return record.status >= HTTPResponse::HTTP_BAD_REQUEST && record.denial.empty() &&
           record.status != HTTPResponse::HTTP_NOT_FOUND &&
           record.status != HTTPResponse::HTTP_METHOD_NOT_ALLOWED;
}

}  // namespace

UnreadEvents::UnreadEvents(std::shared_ptr<WebhookCounters> counters, std::shared_ptr<EventLog> log)
    : _counters(std::move(counters)), _log(std::move(log)) {}

void UnreadEvents::answered(const AccessRecord& record) noexcept {
    if (!isOfServer(record)) return;
    const bool isTooLarge = record.status == HTTPResponse::HTTP_REQUEST_ENTITY_TOO_LARGE;
    const auto outcome = isTooLarge ? EventOutcome::tooLarge : EventOutcome::unread;
    _counters->count(outcome);
    try {
        _log->warn(outcome, "answered with " + std::to_string(record.status), record.client.toString());
    } catch (const std::exception&) {
        // Out of memory; the metrics count what happened.
        return;
    }
}

}  // namespace changebank::daemon
