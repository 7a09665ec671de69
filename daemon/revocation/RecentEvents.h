#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace changebank::daemon {

/// The ids of the last events that were kept, since FusionAuth delivers each at least once. Bounded: the
/// oldest id is forgotten for a new one, which is safe, as a revocation that is made twice changes nothing.
/// Thread-safe.
class RecentEvents {
public:
    explicit RecentEvents(std::size_t capacity = 10'000) : _capacity(capacity) {}
    RecentEvents(const RecentEvents&) = delete;
    RecentEvents& operator=(const RecentEvents&) = delete;

    bool contains(std::string_view id) const;
    /// Does nothing for an id that is there.
    void add(std::string id);

private:
    const std::size_t _capacity;
    mutable std::mutex _mutex;
    /// The oldest first. A deque does not move its elements, so that views of them stay valid.
    std::deque<std::string> _order;
    std::unordered_set<std::string_view> _ids;
};

}  // namespace changebank::daemon
