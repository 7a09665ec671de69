#pragma once

#include <chrono>
#include <string>

namespace changebank {

/// "2026-01-02T03:04:05Z" (RFC 3339). Times before the year 1 or after 9999 count as the first or the last
/// second of these.
std::string utcText(std::chrono::sys_seconds time);

}  // namespace changebank
