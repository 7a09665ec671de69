#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "security/Clock.h"

namespace changebank::kickstart {

/// Slows down the guessing of passwords: after so many failures within a period, further attempts under the
/// same key are refused unseen until the period is over, the right password too. Keys are whatever the caller
/// counts by, such as the name that somebody logs in with. Any number of threads may use it.
class LoginThrottle {
public:
    struct Limit {
        std::size_t failures;
        std::chrono::seconds period;
        /// How many keys are remembered. Beyond it the one is forgotten whose period ends first.
        std::size_t keys;
    };

    LoginThrottle(const security::Clock& clock, Limit limit) : _clock(clock), _limit(limit) {}

    /// Counts an attempt as failed before it is made, so that attempts at the same time are counted as well.
    /// How long this key has to wait instead, rounded up to seconds; std::nullopt if it may try.
    std::optional<std::chrono::seconds> begin(const std::string& key);

    /// The attempt was no failure: it no longer counts.
    void takeBack(const std::string& key);

    /// The attempt was no failure, and makes up for those before it: none of them counts any longer.
    void forget(const std::string& key);

private:
    struct Entry {
        std::size_t failures;
        security::Clock::Monotonic end;
    };

    void forgetOne(security::Clock::Monotonic now);

    const security::Clock& _clock;
    const Limit _limit;
    std::mutex _mutex;
    std::map<std::string, Entry> _entries;
};

}  // namespace changebank::kickstart
