#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "changebank/base/system/Clock.h"

namespace changebank::security {

/// How fast a token bucket fills, one token every 1/perSecond seconds, rounded up to a microsecond; and how
/// many it holds: what passes at once after a pause.
class TokenBucketRate {
public:
    static constexpr unsigned maxPerSecond = 10'000;
    static constexpr unsigned maxBurst = 100'000;

    /// Both are at least 1 and at most these; what is outside counts as the nearest value.
    TokenBucketRate(unsigned perSecond, unsigned burst) noexcept;

    unsigned burst() const noexcept { return _burst; }
    /// Between two tokens.
    std::chrono::microseconds interval() const noexcept { return _interval; }
    /// From empty to full.
    std::chrono::microseconds window() const noexcept { return _interval * _burst; }

private:
    unsigned _burst;
    std::chrono::microseconds _interval;
};

/// Token buckets by key, in memory that is reserved once. A bucket is the generic cell rate algorithm's one
/// number (ITU-T I.371): when it will be full, the theoretical arrival time. A full one needs no memory, so
/// an entry is free as soon as its bucket is full, and only then: no flood of keys makes anybody's empty
/// bucket full.
///
/// A set of 7 entries is a line of the processor's cache; the key's hash selects the set. A key that finds no
/// entry free there takes from a bucket that all such keys of the set share, and those that have an entry
/// keep theirs. So a flood can hold up keys that are not in the table, at most to one bucket in each set, and
/// has to spend entries × perSecond tokens in each second to do so. Keys share an entry, and so get less than
/// their due, if 16 bits of their hashes are the same as well: one pair in 65,536 of those in a set.
///
/// Hashes must be keyed with a secret (sipHash()). Usable from any thread without a lock. A key's first two
/// requests, if they come at the same time on two threads, may each get an entry in rare cases; otherwise
/// what passes is exact.
class TokenBucketTable {
public:
    /// Rounded up to whole sets; at least one. Times before `start` count as that.
    TokenBucketTable(std::size_t entries, Clock::Monotonic start);

    /// Takes a token from the key's bucket and returns zero; or returns, without taking anything, how long it
    /// is until there is one. All calls for a key should have the same rate: a bucket that would be full
    /// later than an empty one of this rate counts as empty.
    std::chrono::microseconds take(std::uint64_t hash, const TokenBucketRate& rate,
                                   Clock::Monotonic now) noexcept;

    /// What take() would return, without taking.
    std::chrono::microseconds waitFor(std::uint64_t hash, const TokenBucketRate& rate,
                                      Clock::Monotonic now) const noexcept;

    std::size_t capacity() const noexcept { return _sets.size() * entriesPerSet; }

    /// Buckets that are not full. Looks at the whole table, without holding up anybody.
    std::size_t used(Clock::Monotonic now) const noexcept;

    /// How often take() has found no entry free.
    std::uint64_t crowded() const noexcept { return _crowded.load(std::memory_order_relaxed); }

private:
    static constexpr std::size_t entriesPerSet = 7;
    static constexpr std::size_t cacheLine = 64;

    /// The tag in the upper 16 bits, the arrival time in microseconds since the start in the others. The last
    /// one is the shared bucket, whose tag is 0.
    struct alignas(cacheLine) Set {
        std::array<std::atomic<std::uint64_t>, entriesPerSet + 1> words{};
    };
    /// Where a key's bucket is, and what was read there.
    struct Place {
        std::size_t word;
        std::uint64_t content;

        bool isShared() const noexcept { return word == entriesPerSet; }
    };

    std::uint64_t timeOf(Clock::Monotonic now) const noexcept;
    std::size_t setOf(std::uint64_t hash) const noexcept;
    static Place find(const Set& set, std::uint64_t hash, std::uint64_t now) noexcept;

    const Clock::Monotonic _start;
    std::vector<Set> _sets;
    std::atomic<std::uint64_t> _crowded{0};
};

}  // namespace changebank::security
