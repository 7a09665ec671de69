#include "changebank/daemon/logging/AccessLog.h"

#include <Poco/Message.h>

#include <string>
#include <string_view>

#include "changebank/base/handler/ClientText.h"
#include "changebank/base/text/Json.h"
#include "changebank/daemon/logging/JournalEntry.h"
#include "changebank/daemon/logging/JsonLineFormatter.h"
#include "changebank/daemon/logging/Logging.h"

namespace changebank::daemon {

namespace {

/// Microseconds as milliseconds with three decimals.
std::string millisecondsOf(std::chrono::microseconds duration) {
    const auto fraction = std::to_string(1000 + duration.count() % 1000).substr(1);
    return std::to_string(duration.count() / 1000) + "." + fraction;
}

std::string lineOf(const AccessRecord& record) {
    std::string line = "request " + quoteJson(record.method) + " " + quoteJson(record.path);
    if (!record.route.empty()) line += " route " + quoteJson(record.route);
    line += " status " + std::to_string(record.status) + " bytes " + std::to_string(record.bytes) + " ms " +
            millisecondsOf(record.duration);
    if (!record.subject.empty()) line += " subject " + quoteJson(record.subject);
    if (!record.denial.empty()) line.append(" refused ").append(record.denial);
    line += " id " + quoteJson(record.requestId);
    if (!record.traceId.empty()) line.append(" trace_id ").append(record.traceId);
    if (!record.spanId.empty()) line.append(" span_id ").append(record.spanId);
    return line + " from " + clientText(record.client);
}

std::string membersOf(const AccessRecord& record) {
    std::string members = "\"method\":" + quoteJson(record.method) + ",\"path\":" + quoteJson(record.path);
    if (!record.route.empty()) members += ",\"route\":" + quoteJson(record.route);
    members += ",\"status\":" + std::to_string(record.status) + ",\"bytes\":" + std::to_string(record.bytes) +
               ",\"milliseconds\":" + millisecondsOf(record.duration);
    if (!record.subject.empty()) members += ",\"subject\":" + quoteJson(record.subject);
    if (!record.denial.empty()) members += ",\"refused\":" + quoteJson(record.denial);
    members += ",\"id\":" + quoteJson(record.requestId);
    if (!record.traceId.empty()) members += ",\"trace_id\":" + quoteJson(record.traceId);
    if (!record.spanId.empty()) members += ",\"span_id\":" + quoteJson(record.spanId);
    return members + ",\"client\":" + quoteJson(clientText(record.client));
}

std::string fieldsOf(const AccessRecord& record) {
    JournalEntry entry;
    entry.add("METHOD", record.method)
        .add("PATH", record.path)
        .add("ROUTE", record.route)
        .add("STATUS", std::to_string(record.status))
        .add("SUBJECT", record.subject)
        .add("REFUSED", record.denial)
        .add("REQUEST_ID", record.requestId)
        .add("TRACE_ID", record.traceId)
        .add("SPAN_ID", record.spanId)
        .add("CLIENT", clientText(record.client));
    return entry.fields();
}

Poco::Message messageOf(const AccessRecord& record, bool takesFields) {
    Poco::Message message({}, lineOf(record), Poco::Message::PRIO_INFORMATION);
    if (takesFields) message.set(JournalEntry::fieldsParameter, fieldsOf(record));
    message.set(JsonLineFormatter::eventParameter, "request");
    message.set(JsonLineFormatter::membersParameter, membersOf(record));
    return message;
}

}  // namespace

void AccessLog::answered(const AccessRecord& record) noexcept {
    if (!_enabled) return;
    try {
        const auto output = logOutput();
        if (output->takes(Poco::Message::PRIO_INFORMATION))
            output->write(LogSource::access, messageOf(record, output->takesFields()));
    } catch (...) {
        // Drops a line that cannot be built (out of memory) or written (disk full); the response is already
        // sent.
        return;
    }
}

void AccessLog::answeredProbe(const AccessRecord& record) noexcept {
    if (_logsProbes || record.status >= firstFailedProbe) answered(record);
}

}  // namespace changebank::daemon
