#pragma once

#include <cstddef>

namespace changebank::daemon {

/// How many file descriptors this process may have open (RLIMIT_NOFILE), and how many of them connections of
/// the API may take, so that keys can be fetched, files be written and the admin socket answer when the API
/// is full.
class DescriptorLimit {
public:
    explicit DescriptorLimit(std::size_t descriptors) noexcept : _descriptors(descriptors) {}

    /// Raises the soft limit to the hard one, as far as the kernel lets it.
    static void raise() noexcept;

    /// The soft limit of this process.
    static DescriptorLimit current() noexcept;

    std::size_t descriptors() const noexcept { return _descriptors; }

    /// What is left for connections; half where there are very few. At least 1.
    std::size_t connections() const noexcept;

private:
    std::size_t _descriptors;
};

}  // namespace changebank::daemon
