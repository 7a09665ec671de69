#pragma once

#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>

#include <chrono>
#include <string>

/// Times and durations in reports.
namespace changebank::daemon {

/// "2026-01-02T03:04:05Z"
inline std::string utcText(std::chrono::system_clock::time_point time) {
    return Poco::DateTimeFormatter::format(
        Poco::Timestamp::fromEpochTime(std::chrono::system_clock::to_time_t(time)), "%Y-%m-%dT%H:%M:%SZ");
}

inline double secondsOf(std::chrono::milliseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

}  // namespace changebank::daemon
