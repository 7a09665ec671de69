#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "changebank/base/system/Clock.h"

namespace changebank::security {

/// When a remote key set is to be fetched: the arithmetic of ages, budgets and back-off, without threads or
/// sockets. Not thread-safe; times are handed in.
class RefreshSchedule {
public:
    using Duration = std::chrono::milliseconds;

    struct Options {
        /// The age at which keys are to be refreshed at the latest; the ceiling of what Cache-Control may ask
        /// for.
        Duration maxAge = std::chrono::minutes(10);
        /// The time in which one more fetch that tokens cause is granted; also the floor of what
        /// Cache-Control may ask for (but never above maxAge).
        Duration cooldown = std::chrono::seconds(30);
        /// The deadline of one exchange.
        Duration timeout = std::chrono::seconds(5);
        /// How long the last good keys serve while the endpoint fails, counted from its last good answer.
        Duration staleFor = std::chrono::hours(24);
        /// Jitter: a number from 0 up to 1, anew at each call. Empty: random.
        std::function<double()> jitter{};
    };

    /// Fetches that tokens may cause at once after a quiet time: one for a new key, and one more so that a
    /// caller with a made-up key id cannot use up the only one just before a rotation. After that, one a
    /// cooldown.
    static constexpr int burst = 2;

    /// The first and the longest pause between attempts while the endpoint fails; the longest is shorter
    /// while there are no keys at all, since nobody is served until one succeeds.
    static constexpr Duration minPause{500};
    static constexpr Duration maxPause{60'000};
    static constexpr Duration maxPauseWithoutKeys{5'000};

    /// The first fetch is due at once.
    RefreshSchedule(Options options, Clock::Monotonic now);

    const Options& options() const noexcept { return _options; }

    /// When the background fetch is due.
    Clock::Monotonic nextRefresh() const noexcept { return _nextRefresh; }

    /// When the keys end that the endpoint last confirmed; none while there are no keys.
    std::optional<Clock::Monotonic> staleAt() const noexcept;

    /// When the endpoint last confirmed the keys, if there are any that serve.
    std::optional<Clock::Monotonic> confirmedAt() const noexcept;

    /// Whether a token may cause a fetch now.
    bool grantsTokenFetch(Clock::Monotonic now) const noexcept;

    /// Takes one fetch off the budget; to be called only when grantsTokenFetch().
    void spendTokenFetch(Clock::Monotonic now) noexcept;

    /// The endpoint answered with a good set, or confirmed the last one. `maxAge` is what Cache-Control asked
    /// for.
    void succeeded(Clock::Monotonic now, std::optional<std::chrono::seconds> maxAge);

    /// The endpoint did not answer, or its answer was no good.
    void failed(Clock::Monotonic now);

    /// Keys were taken from elsewhere that the endpoint confirmed `age` ago. A refresh is due at once.
    void restored(Clock::Monotonic now, Duration age);

    /// The keys became too old to serve.
    void dropped() noexcept { _isDropped = true; }

    /// Other options hold from now on, for the keys at hand too: the next refresh is due by their age unless
    /// the endpoint fails, and keys that were dropped serve again if they are not too old any more. The
    /// jitter stays as it is if the new options have none.
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
    /// When the budget was last reckoned up; meaningful while it is below the burst.
    Clock::Monotonic _refilledAt;
};

}  // namespace changebank::security
