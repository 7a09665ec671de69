#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

#include "changebank/base/system/Clock.h"

namespace changebank::daemon {

/// Warns of handlers that held an event loop, which holds up every other request there: at most one line
/// every ten seconds, with the number of those that got none. Usable from any thread.
class HeldLoopLog {
public:
    static constexpr std::chrono::seconds pause{10};

    explicit HeldLoopLog(Clock& clock = Clock::system()) : _clock(clock) {}

    /// `route` is empty if no route was found yet.
    void report(std::string_view route, std::chrono::milliseconds duration) noexcept;

private:
    Clock& _clock;
    std::mutex _mutex;
    Clock::Monotonic _nextLine{};
    std::uint64_t _unreported = 0;
};

}  // namespace changebank::daemon
