#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "changebank/base/system/Clock.h"

namespace changebank::daemon {

/// Logs warnings of one kind: at most one line every ten seconds, with the number of those that got none.
/// Usable from any thread.
class PacedLog {
public:
    static constexpr std::chrono::seconds pause{10};

    explicit PacedLog(Clock& clock = Clock::system()) : _clock(clock) {}

    /// `text` is one line.
    void warn(std::string text) noexcept;

private:
    Clock& _clock;
    std::mutex _mutex;
    Clock::Monotonic _nextLine{};
    std::uint64_t _unreported = 0;
};

}  // namespace changebank::daemon
