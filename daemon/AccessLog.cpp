#include "daemon/AccessLog.h"

#include <string>

#include "daemon/Logging.h"
#include "security/Json.h"

namespace changebank::daemon {

namespace {

/// Microseconds as milliseconds with three digits behind the point.
std::string millisecondsOf(std::chrono::microseconds duration) {
    const auto fraction = std::to_string(1000 + duration.count() % 1000).substr(1);
    return std::to_string(duration.count() / 1000) + "." + fraction;
}

std::string lineOf(const http::AccessRecord& record) {
    using security::quoteJson;
    return "request " + quoteJson(record.method) + " " +
           quoteJson(record.target.substr(0, record.target.find('?'))) + " status " +
           std::to_string(record.status) + " bytes " + std::to_string(record.bytes) + " ms " +
           millisecondsOf(record.duration) + " id " + quoteJson(record.requestId) + " from " +
           record.client.toString();
}

}  // namespace

void AccessLog::answered(const http::AccessRecord& record) noexcept {
    if (!_enabled || !daemonLogger().information()) return;
    try {
        log(Poco::Message::PRIO_INFORMATION, lineOf(record));
    } catch (...) {
        // A line that cannot be made (out of memory) is lost; the request is answered already.
        return;
    }
}

}  // namespace changebank::daemon
