#include "changebank/security/limit/TokenBucketTable.h"

#include <algorithm>

namespace changebank::security {

using std::chrono::microseconds;

namespace {

constexpr unsigned timeBits = 48;
constexpr std::uint64_t timeMask = (std::uint64_t{1} << timeBits) - 1;
/// No bucket takes longer to fill.
constexpr std::uint64_t longestWindow = std::uint64_t{TokenBucketRate::maxBurst} * 1'000'000;

std::uint64_t tagOf(std::uint64_t content) {
    return content >> timeBits;
}

std::uint64_t tagOfHash(std::uint64_t hash) {
    return hash & (~std::uint64_t{0} >> timeBits);
}

/// How long until a bucket is full. Times are serial numbers, which begin again after nine years.
std::uint64_t untilFull(std::uint64_t content, std::uint64_t now) {
    const auto ahead = (content - now) & timeMask;
    return ahead > longestWindow ? 0 : ahead;
}

/// How long until a bucket that will be full in that time has a token; zero if it has one.
std::uint64_t untilToken(std::uint64_t ahead, const TokenBucketRate& rate) {
    const auto enough = static_cast<std::uint64_t>((rate.window() - rate.interval()).count());
    return ahead > enough ? ahead - enough : 0;
}

std::uint64_t aheadOf(std::uint64_t content, std::uint64_t now, const TokenBucketRate& rate) {
    return std::min(untilFull(content, now), static_cast<std::uint64_t>(rate.window().count()));
}

}  // namespace

TokenBucketRate::TokenBucketRate(unsigned perSecond, unsigned burst) noexcept
    : _burst(std::clamp(burst, 1U, maxBurst)), _interval(0) {
    constexpr unsigned second = 1'000'000;
    const auto rate = std::clamp(perSecond, 1U, maxPerSecond);
    _interval = microseconds((second + rate - 1) / rate);
}

TokenBucketTable::TokenBucketTable(std::size_t entries, Clock::Monotonic start)
    : _start(start), _sets(std::max<std::size_t>(1, (entries + entriesPerSet - 1) / entriesPerSet)) {}

std::uint64_t TokenBucketTable::timeOf(Clock::Monotonic now) const noexcept {
    const auto since = std::chrono::duration_cast<microseconds>(now - _start).count();
    return since > 0 ? static_cast<std::uint64_t>(since) : 0;
}

// The upper half of the hash selects the set, the lowest bits are the tag.
std::size_t TokenBucketTable::setOf(std::uint64_t hash) const noexcept {
    return ((hash >> 32U) * _sets.size()) >> 32U;
}

TokenBucketTable::Place TokenBucketTable::find(const Set& set, std::uint64_t hash,
                                               std::uint64_t now) noexcept {
    Place free{entriesPerSet, 0};
    for (std::size_t i = 0; i < entriesPerSet; ++i) {
        const auto content = set.words[i].load(std::memory_order_relaxed);
        if (tagOf(content) == tagOfHash(hash)) return {i, content};
        if (free.isShared() && untilFull(content, now) == 0) free = {i, content};
    }
    if (free.isShared()) free.content = set.words[entriesPerSet].load(std::memory_order_relaxed);
    return free;
}

microseconds TokenBucketTable::take(std::uint64_t hash, const TokenBucketRate& rate,
                                    Clock::Monotonic now) noexcept {
    const auto time = timeOf(now);
    const auto interval = static_cast<std::uint64_t>(rate.interval().count());
    auto& set = _sets[setOf(hash)];
    for (;;) {
        const auto place = find(set, hash, time);
        const auto ahead = aheadOf(place.content, time, rate);
        const auto wait = untilToken(ahead, rate);
        const auto tag = place.isShared() ? 0 : tagOfHash(hash);
        const auto next = tag << timeBits | ((time + ahead + interval) & timeMask);
        auto expected = place.content;
        if (wait > 0 ||
            set.words[place.word].compare_exchange_weak(expected, next, std::memory_order_relaxed)) {
            if (place.isShared()) _crowded.fetch_add(1, std::memory_order_relaxed);
            return microseconds(static_cast<microseconds::rep>(wait));
        }
    }
}

microseconds TokenBucketTable::waitFor(std::uint64_t hash, const TokenBucketRate& rate,
                                       Clock::Monotonic now) const noexcept {
    const auto time = timeOf(now);
    const auto place = find(_sets[setOf(hash)], hash, time);
    return microseconds(static_cast<microseconds::rep>(untilToken(aheadOf(place.content, time, rate), rate)));
}

std::size_t TokenBucketTable::used(Clock::Monotonic now) const noexcept {
    const auto time = timeOf(now);
    std::size_t count = 0;
    for (const auto& set : _sets) {
        for (std::size_t i = 0; i < entriesPerSet; ++i)
            count += untilFull(set.words[i].load(std::memory_order_relaxed), time) > 0 ? 1U : 0U;
    }
    return count;
}

}  // namespace changebank::security
