#include "changebank/daemon/process/DescriptorLimit.h"

#include <sys/resource.h>

#include <algorithm>

namespace changebank::daemon {

namespace {

/// Up to 64 connections each for the admin socket, the metrics listener and connections being rejected, plus
/// files, event loops and fetches.
constexpr std::size_t reserve = 256;

}  // namespace

void DescriptorLimit::raise() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

DescriptorLimit DescriptorLimit::current() noexcept {
    rlimit limit{};
    // An unknown limit does not restrict anything.
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = RLIM_INFINITY;
    return DescriptorLimit(limit.rlim_cur);
}

std::size_t DescriptorLimit::connections() const noexcept {
    if (_descriptors < 2 * reserve) return std::max<std::size_t>(1, _descriptors / 2);
    return _descriptors - reserve;
}

}  // namespace changebank::daemon
