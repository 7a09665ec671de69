#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

namespace changebank::http {

/// Processors that this process may use: its affinity (sched_getaffinity(2)), limited by the quota of its
/// control group (cpu.max of cgroup v2), rounded up. At least 1.
std::size_t usableProcessors();

/// The smallest quota of a control group and its parents, in processors, rounded up; std::nullopt without a
/// quota. `group` is named as in /proc/self/cgroup; its files are below `hierarchy`.
std::optional<std::size_t> processorQuota(const std::filesystem::path& hierarchy,
                                          const std::filesystem::path& group);

}  // namespace changebank::http
