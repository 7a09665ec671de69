#pragma once

#include <cstddef>

namespace changebank::daemon {

/// The maximum number of open file descriptors (RLIMIT_NOFILE) and how many of them API connections may use;
/// the rest is reserved for fetching keys, log files and the admin socket.
class DescriptorLimit {
public:
    explicit DescriptorLimit(std::size_t descriptors) noexcept : _descriptors(descriptors) {}

    /// Raises the soft limit to the hard limit, if the kernel permits.
    static void raise() noexcept;

    /// The soft limit of this process.
    static DescriptorLimit current() noexcept;

    std::size_t descriptors() const noexcept { return _descriptors; }

    /// The number available to connections: the limit less the reserve, or half of a very low limit. At least
    /// 1.
    std::size_t connections() const noexcept;

private:
    std::size_t _descriptors;
};

}  // namespace changebank::daemon
