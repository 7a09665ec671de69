#include "changebank/security/keys/RefreshSchedule.h"

#include <algorithm>
#include <random>
#include <utility>

namespace changebank::security {

namespace {

double randomFraction() {
    thread_local std::minstd_rand engine{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
}

RefreshSchedule::Duration scaled(RefreshSchedule::Duration duration, double factor) {
    return std::chrono::duration_cast<RefreshSchedule::Duration>(duration * factor);
}

}  // namespace

RefreshSchedule::RefreshSchedule(Options options, Clock::Monotonic now)
    : _options(std::move(options)), _nextRefresh(now), _refilledAt(now) {
    if (!_options.jitter) _options.jitter = randomFraction;
}

std::optional<Clock::Monotonic> RefreshSchedule::confirmedAt() const noexcept {
    return _isDropped ? std::nullopt : _confirmedAt;
}

std::optional<Clock::Monotonic> RefreshSchedule::staleAt() const noexcept {
    if (!confirmedAt()) return std::nullopt;
    return *_confirmedAt + std::max(_options.staleFor, _options.maxAge);
}

bool RefreshSchedule::grantsTokenFetch(Clock::Monotonic now) const noexcept {
    return _budget > 0 || now - _refilledAt >= _options.cooldown;
}

void RefreshSchedule::spendTokenFetch(Clock::Monotonic now) noexcept {
    refill(now);
    if (_budget == burst) _refilledAt = now;
    --_budget;
}

void RefreshSchedule::refill(Clock::Monotonic now) noexcept {
    while (_budget < burst && now - _refilledAt >= _options.cooldown) {
        ++_budget;
        _refilledAt += _options.cooldown;
    }
}

/// Before the keys reach their maximum age, and not at the same moment in all instances.
RefreshSchedule::Duration RefreshSchedule::refreshAge() const {
    const auto floor = std::min(_options.minAge, _options.maxAge);
    // Compared in whole seconds: a huge max-age would overflow in milliseconds.
    const bool isBelowCeiling =
        _responseMaxAge && *_responseMaxAge < std::chrono::floor<std::chrono::seconds>(_options.maxAge);
    const auto age = isBelowCeiling ? std::max<Duration>(*_responseMaxAge, floor) : _options.maxAge;
    constexpr double earliest = 0.8;
    constexpr double spread = 0.1;
    return scaled(age, earliest + spread * _options.jitter());
}

void RefreshSchedule::succeeded(Clock::Monotonic now, std::optional<std::chrono::seconds> maxAge) {
    _responseMaxAge = maxAge;
    _nextRefresh = now + refreshAge();
    _confirmedAt = now;
    _isDropped = false;
    _failures = 0;
}

void RefreshSchedule::failed(Clock::Monotonic now) {
    constexpr int maxDoublings = 7;
    const auto longest = confirmedAt() ? maxPause : maxPauseWithoutKeys;
    const auto pause = std::min(minPause * (1 << std::min(_failures, maxDoublings)), longest);
    ++_failures;
    constexpr double least = 0.5;
    _nextRefresh = now + scaled(pause, least + (1 - least) * _options.jitter());
}

void RefreshSchedule::restored(Clock::Monotonic now, Duration age) {
    _confirmedAt = now - age;
    _isDropped = false;
    _nextRefresh = now;
}

void RefreshSchedule::reschedule(Options options, Clock::Monotonic now) {
    if (!options.jitter) options.jitter = std::move(_options.jitter);
    _options = std::move(options);
    if (!_confirmedAt) return;
    _isDropped = false;
    _isDropped = now >= *staleAt();
    if (_failures == 0 && _nextRefresh > now) _nextRefresh = std::max(now, *_confirmedAt + refreshAge());
}

}  // namespace changebank::security
