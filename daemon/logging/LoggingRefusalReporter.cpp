#include "changebank/daemon/logging/LoggingRefusalReporter.h"

#include <Poco/Net/HTTPServerRequest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "changebank/base/handler/ClientText.h"
#include "changebank/base/handler/RequestContext.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/handlers/routing/RequestTarget.h"

namespace changebank::daemon {

using handlers::RequestTarget;

void LoggingRefusalReporter::refused(const Poco::Net::HTTPServerRequest& request,
                                     const security::Refusal& refusal, const security::Principal* principal) {
    if (_recent && isKept(refusal.cause)) keep(request, refusal, principal);
    if (!isLogged(Poco::Message::PRIO_DEBUG)) return;
    const auto path = RequestTarget::loggablePath(RequestTarget::of(request).path);
    std::string line = "refused " + std::string(security::traitsOf(refusal.cause).name);
    line += ": " + inQuotes(request.getMethod()) + " " + inQuotes(std::string(path));
    line += " from " + clientText(request.clientAddress());
    if (principal != nullptr) line += " subject " + inQuotes(principal->subject);
    const auto* context = RequestContext::of(request);
    if (const auto id = context != nullptr ? context->traceId() : std::string_view(); !id.empty())
        line.append(" trace_id ").append(id);
    log(Poco::Message::PRIO_DEBUG, line);
}

bool LoggingRefusalReporter::isKept(security::Cause cause) noexcept {
    using security::Cause;
    if (cause != Cause::clientRateExceeded && cause != Cause::subjectRateExceeded &&
        cause != Cause::badTokenRateExceeded)
        return true;
    const auto now = _clock.monotonic();
    auto next = _nextLimited.load(std::memory_order_relaxed);
    return now >= next &&
           _nextLimited.compare_exchange_strong(next, now + limitedPause, std::memory_order_relaxed);
}

void LoggingRefusalReporter::keep(const Poco::Net::HTTPServerRequest& request,
                                  const security::Refusal& refusal,
                                  const security::Principal* principal) const {
    const auto* context = RequestContext::of(request);
    Denial denial;
    denial.time = std::chrono::floor<std::chrono::milliseconds>(_clock.wall());
    denial.cause = refusal.cause;
    denial.method.set(request.getMethod());
    denial.path.set(RequestTarget::loggablePath(RequestTarget::of(request).path));
    denial.route.set(context != nullptr ? context->notedRoute() : std::string_view());
    denial.requestId.set(request.get("X-Request-Id", ""));
    denial.traceId.set(context != nullptr ? context->traceId() : std::string_view());
    denial.subject.set(principal != nullptr ? std::string_view(principal->subject) : std::string_view());
    denial.client.set(clientText(request.clientAddress()));
    denial.parameter.set(refusal.parameter);
    denial.expected.set(refusal.expected);
    denial.found.set(refusal.found);
    _recent->add(denial);
}

}  // namespace changebank::daemon
