#include "changebank/daemon/http/Processors.h"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <thread>

namespace changebank::http {

namespace {

namespace fs = std::filesystem;

/// A mask for a fixed number of processors: the kernel refuses it where the machine has more.
std::size_t affineProcessors() {
    cpu_set_t mask;
    if (::sched_getaffinity(0, sizeof(mask), &mask) != 0) return std::thread::hardware_concurrency();
    return static_cast<std::size_t>(CPU_COUNT(&mask));
}

/// "QUOTA PERIOD", both in microseconds, or "max PERIOD".
std::optional<std::size_t> quotaIn(const fs::path& file) {
    std::ifstream input(file);
    std::size_t quota = 0;
    std::size_t period = 0;
    if (!(input >> quota >> period) || period == 0) return std::nullopt;
    return std::max<std::size_t>(1, (quota + period - 1) / period);
}

/// The process's group of the unified hierarchy, from the line "0::PATH".
std::optional<fs::path> ownGroup() {
    constexpr std::string_view mark = "0::";
    std::ifstream input("/proc/self/cgroup");
    for (std::string line; std::getline(input, line);) {
        if (line.starts_with(mark)) return line.substr(mark.size());
    }
    return std::nullopt;
}

}  // namespace

std::size_t usableProcessors() {
    auto processors = affineProcessors();
    if (const auto group = ownGroup()) {
        if (const auto quota = processorQuota("/sys/fs/cgroup", *group))
            processors = std::min(processors, *quota);
    }
    return std::max<std::size_t>(1, processors);
}

std::optional<std::size_t> processorQuota(const fs::path& hierarchy, const fs::path& group) {
    std::optional<std::size_t> smallest;
    for (auto at = group.relative_path();; at = at.parent_path()) {
        const auto quota = quotaIn(hierarchy / at / "cpu.max");
        if (quota && (!smallest || *quota < *smallest)) smallest = quota;
        if (at.empty()) return smallest;
    }
}

}  // namespace changebank::http
