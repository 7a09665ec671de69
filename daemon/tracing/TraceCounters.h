#pragma once

#include <atomic>
#include <cstdint>

namespace changebank::daemon {

/// What became of spans. Lives as long as the process, across settings. Usable from any thread.
struct TraceCounters {
    /// Accepted by the collector.
    std::atomic<std::uint64_t> exported{0};
    /// The collector did not want them: a status of 4xx, or named in its answer.
    std::atomic<std::uint64_t> rejected{0};
    /// The collector could not be reached, or had no room after all attempts.
    std::atomic<std::uint64_t> failed{0};
    /// The queue was full.
    std::atomic<std::uint64_t> dropped{0};
};

}  // namespace changebank::daemon
