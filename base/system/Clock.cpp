#include "changebank/base/system/Clock.h"

namespace changebank {

namespace {

class SystemClock : public Clock {
public:
    Monotonic monotonic() const override { return std::chrono::steady_clock::now(); }
    Wall wall() const override { return std::chrono::system_clock::now(); }
    void waitUntil(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                   Monotonic deadline) override {
        changed.wait_until(lock, deadline);
    }
};

}  // namespace

Clock& Clock::system() {
    static SystemClock clock;
    return clock;
}

}  // namespace changebank
