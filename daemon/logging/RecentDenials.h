#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "changebank/daemon/logging/Denial.h"

namespace changebank::daemon {

/// The last refused requests, in memory that is reserved once: less than a kilobyte for each. Lives as long
/// as the process. Usable from any thread; adding one holds a lock for a copy of that size.
class RecentDenials {
public:
    static constexpr std::size_t defaultCapacity = 1'000;

    explicit RecentDenials(std::size_t capacity = defaultCapacity);

    /// Sets the denial's sequence number and keeps it in place of the oldest.
    void add(const Denial& denial) noexcept;

    struct Found {
        /// The oldest first.
        std::vector<Denial> denials;
        /// The number of the last one of all; 0: there was none.
        std::uint64_t last = 0;
    };

    /// The last ones with a sequence number above `after`, at most `limit`.
    Found after(std::uint64_t after, std::size_t limit) const;

private:
    const std::size_t _capacity;
    const std::unique_ptr<Denial[]> _denials;
    mutable std::mutex _mutex;
    std::uint64_t _last = 0;
};

}  // namespace changebank::daemon
