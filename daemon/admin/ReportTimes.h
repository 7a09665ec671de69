#pragma once

#include <chrono>

/// Durations in reports.
namespace changebank::daemon {

inline double secondsOf(std::chrono::milliseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

}  // namespace changebank::daemon
