#pragma once

#include <cstdint>

namespace changebank::daemon {

/// Statistics of this process from the kernel; zero if unavailable.
struct ProcessStats {
    double cpuSeconds = 0;
    /// Since 1970.
    double startTimeSeconds = 0;
    std::uint64_t residentBytes = 0;
    std::uint64_t virtualBytes = 0;
    std::uint64_t openDescriptors = 0;
    std::uint64_t maxDescriptors = 0;
    std::uint64_t threads = 0;

    /// Reads /proc/self (proc(5)).
    static ProcessStats now();
};

}  // namespace changebank::daemon
