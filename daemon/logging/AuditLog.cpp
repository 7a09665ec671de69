#include "changebank/daemon/logging/AuditLog.h"

#include <Poco/DateTimeFormatter.h>
#include <Poco/Exception.h>
#include <Poco/Timestamp.h>

#include <chrono>
#include <new>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "changebank/base/handler/ClientText.h"
#include "changebank/base/handler/RequestContext.h"
#include "changebank/base/system/ExceptionText.h"
#include "changebank/base/text/Json.h"
#include "changebank/base/text/UtcText.h"
#include "changebank/daemon/logging/JournalEntry.h"
#include "changebank/daemon/logging/JsonLineFormatter.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/handlers/routing/RequestTarget.h"

namespace changebank::daemon {

using security::Principal;

namespace {

using Value = std::variant<std::string, std::vector<std::string>>;
using Member = std::pair<std::string_view, Value>;

/// Without memory for the message, only the metric counts the failure.
void reportFailure(const std::exception& error) noexcept {
    try {
        log(Poco::Message::PRIO_CRITICAL, "cannot write the audit log: " + exceptionText(error));
    } catch (const std::exception&) {
        return;
    }
}

/// As JSON: a string or an array of strings.
std::string jsonOf(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return quoteJson(*text);
    std::string array = "[";
    for (const auto& text : std::get<std::vector<std::string>>(value))
        array += (array.size() == 1 ? "" : ",") + quoteJson(text);
    return array + "]";
}

/// The members of a line.
std::vector<Member> membersOf(security::AuditTrail::Event event, const Poco::Net::HTTPServerRequest& request,
                              const Principal& principal) {
    std::vector<Member> members{{"event", nameOf(event)},
                                {"subject", principal.subject},
                                {"roles", principal.roles},
                                {"tenant", principal.tenant},
                                {"issuer", principal.issuer},
                                {"token", principal.tokenId},
                                {"method", request.getMethod()},
                                {"path", std::string(handlers::RequestTarget::of(request).path)},
                                {"client", clientText(request.clientAddress())},
                                {"id", request.get("X-Request-Id", "")}};
    const auto* context = RequestContext::of(request);
    if (context == nullptr) return members;
    if (const auto id = context->traceId(); !id.empty()) members.emplace_back("trace_id", std::string(id));
    if (const auto id = context->spanId(); !id.empty()) members.emplace_back("span_id", std::string(id));
    return members;
}

std::string asJson(const std::vector<Member>& members) {
    std::string text;
    for (const auto& [name, value] : members)
        text += (text.empty() ? "\"" : ",\"") + std::string(name) + "\":" + jsonOf(value);
    return text;
}

std::string asText(const std::vector<Member>& members) {
    std::string text;
    for (const auto& [name, value] : members)
        text += (text.empty() ? "" : " ") + std::string(name) + " " + jsonOf(value);
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
    return {{"event", revokedEvent},
            {"session", revocation.session},
            {"user", revocation.user},
            {"application", revocation.application},
            {"tenant", revocation.tenant},
            {"issuedUpTo", utcText(issuedUpTo)},
            {"reason", revocation.reason},
            {"eventId", eventId},
            {"client", client}};
}

/// As fields of an entry of the journal; a list is several values of one field.
std::string asFields(const std::vector<Member>& members) {
    JournalEntry entry;
    for (const auto& [name, value] : members) {
        if (const auto* text = std::get_if<std::string>(&value)) {
            entry.addMember(name, *text);
            continue;
        }
        for (const auto& text : std::get<std::vector<std::string>>(value))
            entry.addMember(name, text);
    }
    return entry.fields();
}

Poco::Message messageOf(const std::vector<Member>& members, const char* event, bool takesFields) {
    Poco::Message message({}, asText(members), Poco::Message::PRIO_NOTICE);
    if (takesFields) message.set(JournalEntry::fieldsParameter, asFields(members));
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
        output->write(LogSource::audit, messageOf(members, event, output->takesFields()), _patience);
    }
}

}  // namespace changebank::daemon
