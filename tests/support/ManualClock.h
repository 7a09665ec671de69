#pragma once

#include <algorithm>
#include <set>

#include "changebank/base/system/Clock.h"

namespace changebank::tests {

/// A clock that stands still until a test moves it. Usable from any thread.
class ManualClock : public Clock {
public:
    explicit ManualClock(Wall wall = Wall(std::chrono::seconds(1'790'000'000))) : _wall(wall) {}

    Monotonic monotonic() const override {
        const std::lock_guard lock(_mutex);
        return _monotonic;
    }

    Wall wall() const override {
        const std::lock_guard lock(_mutex);
        return _wall;
    }

    /// Time passes; everybody who waits looks at the clock again.
    void advance(std::chrono::nanoseconds duration) {
        const std::lock_guard lock(_mutex);
        _monotonic += duration;
        _wall += duration;
        for (auto* waiting : _waiting)
            waiting->notify_all();
    }

    void waitUntil(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                   Monotonic deadline) override {
        {
            const std::lock_guard own(_mutex);
            if (_monotonic >= deadline) return;
            _waiting.insert(&changed);
        }
        // The time may be moved between the look above and the wait below; the bound lets that pass unnoticed
        // for a moment only. No test's outcome depends on its length.
        changed.wait_for(lock, std::chrono::milliseconds(5));
        const std::lock_guard own(_mutex);
        if (const auto found = _waiting.find(&changed); found != _waiting.end()) _waiting.erase(found);
    }

private:
    mutable std::mutex _mutex;
    Monotonic _monotonic{std::chrono::hours(1000)};
    Wall _wall;
    std::multiset<std::condition_variable*> _waiting;
};

}  // namespace changebank::tests
