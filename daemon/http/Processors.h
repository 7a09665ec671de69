#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

namespace changebank::http {

/// How many processors this process may keep busy: those of its affinity (sched_getaffinity(2)), or fewer if
/// a control group has a quota for it (cpu.max of cgroup v2), rounded up. At least one.
std::size_t usableProcessors();

/// The smallest quota of a control group and those that contain it, in processors, rounded up; std::nullopt
/// if none has one. The group is named as in /proc/self/cgroup, and its files stand below `hierarchy`.
std::optional<std::size_t> processorQuota(const std::filesystem::path& hierarchy,
                                          const std::filesystem::path& group);

}  // namespace changebank::http
