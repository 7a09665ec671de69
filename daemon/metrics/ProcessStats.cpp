#include "changebank/daemon/metrics/ProcessStats.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

namespace changebank::daemon {

namespace {

double ticksPerSecond() {
    return static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double secondsOf(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// The boot time in seconds since 1970. Not from /proc/stat, which a sandboxed unit may not be able to read.
double bootTime() {
    return secondsOf(CLOCK_REALTIME) - secondsOf(CLOCK_BOOTTIME);
}

std::uint64_t countDescriptors() {
    std::error_code error;
    const std::filesystem::directory_iterator folder("/proc/self/fd", error);
    if (error) return 0;
    // The iterator's own descriptor is among them.
    return static_cast<std::uint64_t>(std::distance(begin(folder), end(folder))) - 1;
}

/// The fields of /proc/self/stat after the program's name, which may contain spaces; the first is field 3.
std::istringstream statFields() {
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    return std::istringstream(line.substr(std::min(line.size(), line.rfind(')') + 1)));
}

}  // namespace

ProcessStats ProcessStats::now() {
    ProcessStats stats;
    auto fields = statFields();
    std::string ignored;
    for (int field = 3; field < 14; ++field)
        fields >> ignored;
    double user = 0;
    double system = 0;
    double started = 0;
    std::uint64_t residentPages = 0;
    fields >> user >> system;
    for (int field = 16; field < 20; ++field)
        fields >> ignored;
    fields >> stats.threads >> ignored >> started >> stats.virtualBytes >> residentPages;
    stats.cpuSeconds = (user + system) / ticksPerSecond();
    stats.startTimeSeconds = bootTime() + started / ticksPerSecond();
    stats.residentBytes = residentPages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    stats.openDescriptors = countDescriptors();
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) stats.maxDescriptors = limit.rlim_cur;
    return stats;
}

}  // namespace changebank::daemon
