#pragma once

#include <chrono>
#include <cstdint>

#include "changebank/base/system/Clock.h"

namespace changebank::kickstart {

inline constexpr std::int64_t millisecondsPerSecond = 1000;

/// The clock's time as FusionAuth counts it: milliseconds since the epoch.
inline std::int64_t instantOf(const Clock& clock) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall().time_since_epoch()).count();
}

}  // namespace changebank::kickstart
