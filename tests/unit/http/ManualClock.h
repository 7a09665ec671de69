#pragma once

#include <atomic>
#include <chrono>

#include "security/Clock.h"

namespace changebank::http::test {

/// A clock that stands still until a test advances it.
class ManualClock : public security::Clock {
public:
    Monotonic monotonic() const override { return Monotonic(std::chrono::hours(1) + passed()); }
    Wall wall() const override { return Wall(std::chrono::seconds(1'700'000'000) + passed()); }
    void waitUntil(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, Monotonic) override {
        changed.wait(lock);
    }
    void advance(std::chrono::milliseconds span) { _passed += span.count(); }

private:
    std::chrono::milliseconds passed() const { return std::chrono::milliseconds(_passed); }

    std::atomic<std::int64_t> _passed{0};
};

}  // namespace changebank::http::test
