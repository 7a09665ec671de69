#include "changebank/daemon/logging/AuditLog.h"

#include <Poco/DateTimeFormatter.h>
#include <Poco/Exception.h>
#include <Poco/Timestamp.h>

#include <chrono>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include "changebank/base/handler/ClientText.h"
#include "changebank/base/system/ExceptionText.h"
#include "changebank/base/text/Json.h"
#include "changebank/base/text/UtcText.h"
#include "changebank/daemon/logging/JsonLineFormatter.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/handlers/routing/RequestTarget.h"

namespace changebank::daemon {

using security::Principal;

namespace {

using Member = std::pair<std::string_view, std::string>;

/// Without memory for the message, only the metric counts the failure.
void reportFailure(const std::exception& error) noexcept {
    try {
        log(Poco::Message::PRIO_CRITICAL, "cannot write the audit log: " + exceptionText(error));
    } catch (const std::exception&) {
        return;
    }
}

std::string rolesOf(const Principal& principal) {
    std::string roles = "[";
    for (const auto& role : principal.roles)
        roles += (roles.size() == 1 ? "" : ",") + quoteJson(role);
    return roles + "]";
}

/// The members of a line, each value as JSON text.
std::vector<Member> membersOf(security::AuditTrail::Event event, const Poco::Net::HTTPServerRequest& request,
                              const Principal& principal) {
    return {{"event", quoteJson(nameOf(event))},
            {"subject", quoteJson(principal.subject)},
            {"roles", rolesOf(principal)},
            {"tenant", quoteJson(principal.tenant)},
            {"issuer", quoteJson(principal.issuer)},
            {"token", quoteJson(principal.tokenId)},
            {"method", quoteJson(request.getMethod())},
            {"path", quoteJson(handlers::RequestTarget::of(request).path)},
            {"client", quoteJson(clientText(request.clientAddress()))},
            {"id", quoteJson(request.get("X-Request-Id", ""))}};
}

std::string asJson(const std::vector<Member>& members) {
    std::string text;
    for (const auto& [name, value] : members)
        text += (text.empty() ? "\"" : ",\"") + std::string(name) + "\":" + value;
    return text;
}

std::string asText(const std::vector<Member>& members) {
    std::string text;
    for (const auto& [name, value] : members)
        text += (text.empty() ? "" : " ") + std::string(name) + " " + value;
    return text;
}

std::string timeOf(Clock::Wall wall) {
    using std::chrono::microseconds;
    const Poco::Timestamp time(std::chrono::duration_cast<microseconds>(wall.time_since_epoch()).count());
    return Poco::DateTimeFormatter::format(time, "%Y-%m-%dT%H:%M:%S.%iZ");
}

std::vector<Member> membersOf(const security::Revocation& revocation, const std::string& eventId,
                              const std::string& client) {
    const std::chrono::sys_seconds issuedUpTo{std::chrono::seconds(revocation.issuedUpTo)};
    return {{"event", quoteJson(revokedEvent)},
            {"session", quoteJson(revocation.session)},
            {"user", quoteJson(revocation.user)},
            {"application", quoteJson(revocation.application)},
            {"tenant", quoteJson(revocation.tenant)},
            {"issuedUpTo", quoteJson(utcText(issuedUpTo))},
            {"reason", quoteJson(revocation.reason)},
            {"eventId", quoteJson(eventId)},
            {"client", quoteJson(client)}};
}

Poco::Message messageOf(const std::vector<Member>& members, const char* event) {
    Poco::Message message({}, asText(members), Poco::Message::PRIO_NOTICE);
    message.set(JsonLineFormatter::eventParameter, event);
    message.set(JsonLineFormatter::membersParameter, asJson(members));
    return message;
}

}  // namespace

const char* nameOf(security::AuditTrail::Event event) noexcept {
    switch (event) {
        case security::AuditTrail::Event::panic:
            return "panic";
        case security::AuditTrail::Event::roleRefused:
            return "role_refused";
        case security::AuditTrail::Event::refusalsLimited:
            return "role_refusals_limited";
    }
    return "";
}

std::optional<security::AuditTrail::Event> AuditLog::admitRefusal(const Principal& principal) noexcept {
    using Verdict = security::SubjectRateLimit::Verdict;
    try {
        switch (_refusals.count(principal.issuer + '\n' + principal.tenant + '\n' + principal.subject,
                                _clock.monotonic())) {
            case Verdict::within:
                return Event::roleRefused;
            case Verdict::last:
                return Event::refusalsLimited;
            case Verdict::beyond:
                break;
        }
    } catch (const std::bad_alloc&) {
        // Counts like one beyond the limit.
    }
    _skipped.fetch_add(1, order);
    return std::nullopt;
}

template <typename MakeMembers>
bool AuditLog::recordCounted(std::size_t place, const char* event, MakeMembers members) noexcept {
    try {
        write(event, members());
        _recorded[place].fetch_add(1, order);
        return true;
    } catch (const std::exception& error) {
        reportFailure(error);
    }
    _failed[place].fetch_add(1, order);
    return false;
}

bool AuditLog::record(Event event, const Poco::Net::HTTPServerRequest& request,
                      const Principal& principal) noexcept {
    return recordCounted(static_cast<std::size_t>(event), nameOf(event),
                         [&] { return membersOf(event, request, principal); });
}

bool AuditLog::recordRevocation(const security::Revocation& revocation, const std::string& eventId,
                                const std::string& client) noexcept {
    return recordCounted(revocations, revokedEvent, [&] { return membersOf(revocation, eventId, client); });
}

void AuditLog::write(const char* event, const Members& members) const {
    const auto output = logOutput();
    if (const auto file = _file.load()) {
        const auto time = timeOf(_clock.wall());
        file->append(output->isJson() ? "{\"time\":" + quoteJson(time) + "," + asJson(members) + "}"
                                      : time + " " + asText(members),
                     _patience);
    } else {
        output->write(LogSource::audit, messageOf(members, event), _patience);
    }
}

}  // namespace changebank::daemon
