#pragma once

#include <Poco/DateTimeFormatter.h>
#include <Poco/JSON/Object.h>
#include <Poco/Timestamp.h>

#include <chrono>
#include <sstream>
#include <string>

/// How reports write JSON.
namespace changebank::daemon {

/// An object whose members keep their order.
inline Poco::JSON::Object orderedObject() {
    return Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
}

inline std::string textOf(const Poco::JSON::Object& object) {
    std::ostringstream text;
    object.stringify(text);
    return text.str();
}

/// "2026-01-02T03:04:05Z"
inline std::string textOf(std::chrono::system_clock::time_point time) {
    return Poco::DateTimeFormatter::format(
        Poco::Timestamp::fromEpochTime(std::chrono::system_clock::to_time_t(time)), "%Y-%m-%dT%H:%M:%SZ");
}

inline double secondsOf(std::chrono::milliseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

}  // namespace changebank::daemon
