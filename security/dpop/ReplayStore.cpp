#include "changebank/security/dpop/ReplayStore.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "changebank/base/system/RandomBytes.h"
#include "changebank/base/system/Sha256.h"

namespace changebank::security {

namespace {

constexpr auto spanSeconds = static_cast<double>(ReplayStore::span.count());
constexpr std::size_t smallestTable = 16;
/// What a map of small values needs for each, with the allocator's part.
constexpr std::size_t nodeBytes = 32;

std::int64_t spanOf(double time) {
    return static_cast<std::int64_t>(std::floor(time / spanSeconds));
}

/// A shard's part of a limit for one caller, whose uses fall into the shards at random: with four standard
/// deviations more, hardly a shard refuses before the limit.
std::size_t shareOf(std::size_t limit, std::size_t shards) {
    const auto mean = static_cast<double>(limit) / static_cast<double>(shards);
    return static_cast<std::size_t>(std::ceil(mean + 4 * std::sqrt(mean)));
}

}  // namespace

ReplayStore::ReplayStore(Limits limits, double since)
    : _secret(randomBytes(32)),
      _since(since),
      _entries(limits.entries),
      _entriesPerCaller(limits.entriesPerCaller),
      _shards(std::make_unique<std::array<Shard, shardCount>>()) {}

ReplayStore::Digest& ReplayStore::Bucket::placeOf(const Digest& digest) {
    const auto mask = table.size() - 1;
    for (auto i = digest[1] & mask;; i = (i + 1) & mask) {
        if (table[i] == digest || table[i] == Digest{}) return table[i];
    }
}

void ReplayStore::Bucket::grow() {
    const auto old = std::exchange(table, std::vector<Digest>(std::max(smallestTable, table.size() * 2)));
    for (const auto& digest : old) {
        if (digest != Digest{}) placeOf(digest) = digest;
    }
}

std::size_t ReplayStore::Shard::dropBefore(double oldest) {
    std::size_t dropped = 0;
    while (!buckets.empty() && static_cast<double>(buckets.begin()->first + 1) * spanSeconds <= oldest) {
        dropped += buckets.begin()->second.used;
        firstDropped = std::min(firstDropped, buckets.begin()->first);
        lastDropped = std::max(lastDropped, buckets.begin()->first);
        buckets.erase(buckets.begin());
    }
    return dropped;
}

std::size_t ReplayStore::Shard::usedBy(std::uint64_t caller) const {
    std::size_t count = 0;
    for (const auto& [number, bucket] : buckets) {
        const auto found = bucket.byCaller.find(caller);
        count += found == bucket.byCaller.end() ? 0 : found->second;
    }
    return count;
}

ReplayStore::Outcome ReplayStore::insert(const Use& use, double oldest) {
    if (use.issuedAt < _since && use.issuedAt >= _since - longestWindow) return Outcome::forgotten;
    const auto outcome = tryInsert(use, oldest);
    return outcome == Outcome::full && makeRoom(oldest) ? tryInsert(use, oldest) : outcome;
}

ReplayStore::Outcome ReplayStore::tryInsert(const Use& use, double oldest) {
    const auto digest = digestOf({use.key, use.method, use.uri, use.id});
    const auto caller = digestOf({use.caller})[0];
    auto& shard = (*_shards)[digest[0] % shardCount];
    const std::lock_guard lock(shard.mutex);
    _used -= shard.dropBefore(oldest);
    const auto number = spanOf(use.issuedAt);
    if (shard.hasDropped(number)) return Outcome::forgotten;
    auto& bucket = shard.buckets[number];
    if (bucket.table.empty()) bucket.grow();
    if (bucket.placeOf(digest) == digest) return Outcome::replayed;
    if (shard.usedBy(caller) >= shareOf(_entriesPerCaller, shardCount)) return Outcome::callerFull;
    if (++_used > _entries) {
        --_used;
        return Outcome::full;
    }
    if ((bucket.used + 1) * 4 > bucket.table.size() * 3) bucket.grow();
    bucket.placeOf(digest) = digest;
    ++bucket.byCaller[caller];
    ++bucket.used;
    return Outcome::inserted;
}

/// Throws out old uses of shards that had no insertion since. Returns whether there were some.
bool ReplayStore::makeRoom(double oldest) {
    constexpr double leastPause = 1;
    if (oldest < _swept + leastPause) return false;
    _swept = oldest;
    std::size_t dropped = 0;
    for (auto& shard : *_shards) {
        const std::lock_guard lock(shard.mutex);
        dropped += shard.dropBefore(oldest);
    }
    _used -= dropped;
    return dropped > 0;
}

void ReplayStore::setLimits(Limits limits) noexcept {
    _entries = limits.entries;
    _entriesPerCaller = limits.entriesPerCaller;
}

ReplayStore::Counters ReplayStore::counters() const {
    Counters counters;
    counters.entries = _used;
    counters.capacity = _entries;
    counters.bytes = sizeof(*_shards);
    for (const auto& shard : *_shards) {
        const std::lock_guard lock(shard.mutex);
        for (const auto& [number, bucket] : shard.buckets) {
            counters.bytes += sizeof(bucket) + bucket.table.size() * sizeof(Digest) +
                              bucket.byCaller.size() * nodeBytes +
                              bucket.byCaller.bucket_count() * sizeof(void*);
        }
    }
    return counters;
}

ReplayStore::Digest ReplayStore::digestOf(std::initializer_list<std::string_view> parts) const {
    std::string text = _secret;
    for (const auto part : parts) {
        text += part;
        // None of the parts has a zero in it, but for a jti, which is the last one.
        text += '\0';
    }
    Digest digest;
    std::memcpy(digest.data(), sha256(text).data(), sizeof(digest));
    return digest;
}

}  // namespace changebank::security
