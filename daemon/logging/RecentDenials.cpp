#include "changebank/daemon/logging/RecentDenials.h"

#include <algorithm>

namespace changebank::daemon {

RecentDenials::RecentDenials(std::size_t capacity)
    : _capacity(capacity), _denials(std::make_unique_for_overwrite<Denial[]>(capacity)) {}

void RecentDenials::add(const Denial& denial) noexcept {
    const std::lock_guard lock(_mutex);
    auto& place = _denials[_last++ % _capacity];
    place = denial;
    place.sequence = _last;
}

RecentDenials::Found RecentDenials::after(std::uint64_t after, std::size_t limit) const {
    Found found;
    found.denials.reserve(std::min(limit, _capacity));
    std::unique_lock lock(_mutex);
    found.last = _last;
    const auto kept = std::min<std::uint64_t>({found.last, _capacity, limit});
    for (auto next = std::max(after, found.last - kept); next < found.last; ++next) {
        const auto& denial = _denials[next % _capacity];
        // Replaced meanwhile.
        if (denial.sequence == next + 1) found.denials.push_back(denial);
        // Nobody who refuses a request waits longer than for one copy.
        lock.unlock();
        lock.lock();
    }
    return found;
}

}  // namespace changebank::daemon
