#include "changebank/base/text/UtcText.h"

#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <ctime>

namespace changebank {

namespace {

/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, in seconds since 1970.
constexpr std::time_t earliest = -62'135'596'800;
constexpr std::time_t latest = 253'402'300'799;

}  // namespace

std::string utcText(std::chrono::sys_seconds time) {
    const auto seconds = std::clamp<std::time_t>(time.time_since_epoch().count(), earliest, latest);
    return Poco::DateTimeFormatter::format(Poco::Timestamp::fromEpochTime(seconds), "%Y-%m-%dT%H:%M:%SZ");
}

}  // namespace changebank
