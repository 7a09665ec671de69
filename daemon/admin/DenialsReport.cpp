#include "changebank/daemon/admin/DenialsReport.h"

#include <Poco/DateTimeFormatter.h>
#include <Poco/JSON/Array.h>
#include <Poco/Timestamp.h>

#include <limits>

#include "changebank/base/text/JsonText.h"
#include "changebank/daemon/admin/QueryNumber.h"
#include "changebank/daemon/admin/TextOrNull.h"

namespace changebank::daemon {

namespace {

std::string timeText(std::chrono::system_clock::time_point time) {
    using std::chrono::microseconds;
    const Poco::Timestamp timestamp(
        std::chrono::duration_cast<microseconds>(time.time_since_epoch()).count());
    return Poco::DateTimeFormatter::format(timestamp, "%Y-%m-%dT%H:%M:%S.%iZ");
}

Poco::JSON::Object objectOf(const Denial& denial) {
    const auto& traits = security::traitsOf(denial.cause);
    return jsonObject({{"sequence", denial.sequence},
                       {"time", timeText(denial.time)},
                       {"status", traits.status},
                       {"cause", std::string(traits.name)},
                       {"code", textOrNull(traits.code)},
                       {"parameter", textOrNull(denial.parameter.view())},
                       {"method", std::string(denial.method.view())},
                       {"path", std::string(denial.path.view())},
                       {"route", textOrNull(denial.route.view())},
                       {"requestId", textOrNull(denial.requestId.view())},
                       {"traceId", textOrNull(denial.traceId.view())},
                       {"subject", textOrNull(denial.subject.view())},
                       {"client", textOrNull(denial.client.view())},
                       {"expected", textOrNull(denial.expected.view())},
                       {"found", textOrNull(denial.found.view())}});
}

}  // namespace

std::variant<DenialsFilter, BadValue> DenialsFilter::parse(std::string_view query) {
    DenialsFilter filter;
    const auto after =
        queryNumber(query, "after", filter.after, {0, std::numeric_limits<std::int64_t>::max()});
    if (const auto* bad = std::get_if<BadValue>(&after)) return *bad;
    const auto limit = queryNumber(query, "limit", filter.limit, {1, RecentDenials::defaultCapacity});
    if (const auto* bad = std::get_if<BadValue>(&limit)) return *bad;
    filter.after = std::get<std::uint64_t>(after);
    filter.limit = static_cast<std::size_t>(std::get<std::uint64_t>(limit));
    return filter;
}

std::string denialsReport(const RecentDenials::Found& found,
                          std::chrono::system_clock::time_point startedAt) {
    Poco::JSON::Array all;
    for (const auto& denial : found.denials)
        all.add(objectOf(denial));
    return textOf(jsonObject({{"startedAt", timeText(startedAt)}, {"last", found.last}, {"denials", all}}));
}

}  // namespace changebank::daemon
