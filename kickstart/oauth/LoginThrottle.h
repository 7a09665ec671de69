#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "security/Clock.h"

namespace changebank::kickstart {

/// How many failed logins are let through before everybody with the same name has to wait.
struct LoginLimit {
    /// FusionAuth's own defaults of `rateLimitConfiguration.failedLogin`.
    std::size_t failures = 5;
    std::chrono::seconds period{60};
};

/// Slows down the guessing of passwords: after so many failures within a period, further attempts under the
/// same key are refused unseen until the period is over, the right password too. Keys are whatever the caller
/// counts by, such as the name that somebody logs in with. Any number of threads may use it.
class LoginThrottle {
public:
    /// Beyond it the key is forgotten whose period ends first.
    static constexpr std::size_t capacity = 10'000;

    LoginThrottle(const security::Clock& clock, LoginLimit limit) : _clock(clock), _limit(limit) {}

    /// Counts an attempt as failed before it is made, so that attempts at the same time are counted as well.
    /// How long this key has to wait instead, rounded up to seconds; std::nullopt if it may try.
    std::optional<std::chrono::seconds> begin(const std::string& key);

    /// The attempt was none of those: it and the failures before it no longer count.
    void noteSuccess(const std::string& key);

private:
    struct Entry {
        std::size_t failures;
        security::Clock::Monotonic end;
    };

    void forgetOne(security::Clock::Monotonic now);

    const security::Clock& _clock;
    const LoginLimit _limit;
    std::mutex _mutex;
    std::map<std::string, Entry> _entries;
};

}  // namespace changebank::kickstart
