#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "changebank/base/system/Clock.h"

namespace changebank::security {

/// Decides when a remote key set is to be fetched: ages, budgets and back-off, without threads or sockets.
/// Not thread-safe; the caller passes the time.
class RefreshSchedule {
public:
    using Duration = std::chrono::milliseconds;

    struct Options {
        /// The age of keys at which they are refreshed, unless Cache-Control asks for less.
        Duration maxAge = std::chrono::minutes(10);
        /// The minimum age that Cache-Control may ask for, but not above maxAge.
        Duration minAge = std::chrono::seconds(30);
        /// Token bucket: one token-triggered fetch per cooldown (burst 2).
        Duration cooldown = std::chrono::seconds(30);
        /// The timeout of one fetch.
        Duration timeout = std::chrono::seconds(5);
        /// How long the last good keys serve while the endpoint fails, from its last good response on.
        Duration staleFor = std::chrono::hours(24);
        /// Jitter: returns a number from 0 up to, but not including, 1. Empty: random.
        std::function<double()> jitter{};
    };

    /// The maximum number of token-triggered fetches in a row after a quiet time: one for a new key, and one
    /// more so that a caller with an invented key id cannot use up the only one just before a rotation.
    static constexpr int burst = 2;

    /// Limits of the exponential back-off while the endpoint fails. The maximum is lower while there are no
    /// keys, since every request is refused until a fetch succeeds.
    static constexpr Duration minPause{500};
    static constexpr Duration maxPause{60'000};
    static constexpr Duration maxPauseWithoutKeys{5'000};

    /// The first fetch is due at once.
    RefreshSchedule(Options options, Clock::Monotonic now);

    const Options& options() const noexcept { return _options; }

    /// When the background fetch is due.
    Clock::Monotonic nextRefresh() const noexcept { return _nextRefresh; }

    /// When the keys become too old to serve; std::nullopt while there are none.
    std::optional<Clock::Monotonic> staleAt() const noexcept;

    /// When the endpoint last confirmed the keys; std::nullopt while there are none.
    std::optional<Clock::Monotonic> confirmedAt() const noexcept;

    /// Whether a token may cause a fetch now.
    bool grantsTokenFetch(Clock::Monotonic now) const noexcept;

    /// Takes one fetch from the budget; to be called only if grantsTokenFetch().
    void spendTokenFetch(Clock::Monotonic now) noexcept;

    /// The endpoint sent a good set or confirmed the last one. `maxAge` is what Cache-Control asked for.
    void succeeded(Clock::Monotonic now, std::optional<std::chrono::seconds> maxAge);

    /// The endpoint did not respond, or its response was unusable.
    void failed(Clock::Monotonic now);

    /// Keys were loaded from a file; the endpoint confirmed them `age` ago. A refresh is due at once.
    void restored(Clock::Monotonic now, Duration age);

    /// The keys became too old to serve.
    void dropped() noexcept { _isDropped = true; }

    /// Replaces the options, also for the current keys: the next refresh is due by their age unless the
    /// endpoint fails, and dropped keys serve again if they are not too old any more. Empty jitter keeps the
    /// previous one.
    void reschedule(Options options, Clock::Monotonic now);

private:
    void refill(Clock::Monotonic now) noexcept;
    Duration refreshAge() const;

    Options _options;
    Clock::Monotonic _nextRefresh;
    std::optional<Clock::Monotonic> _confirmedAt;
    /// What Cache-Control asked for when the keys were confirmed.
    std::optional<std::chrono::seconds> _responseMaxAge;
    bool _isDropped = false;
    int _failures = 0;
    int _budget = burst;
    /// When the budget was last refilled; meaningful while it is below the burst.
    Clock::Monotonic _refilledAt;
};

}  // namespace changebank::security
