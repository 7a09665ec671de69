#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/security/token/ClaimsCheck.h"

namespace changebank::security {

/// What a token was verified by. It is not used any more once its issuer has other keys or another policy.
struct Generation {
    /// The issuer's place among the validator's, where it is looked for first.
    std::size_t place = 0;
    /// TrustedIssuer::generation.
    std::uint64_t issuer = 0;
    /// KeySnapshot::generation.
    std::uint64_t keys = 0;

    friend bool operator==(const Generation&, const Generation&) = default;
};

/// A cache of verified tokens: a caller's second request with the same token needs no signature verification.
/// Holds only tokens that passed, so invalid tokens evict nothing. Bounded in entries and in bytes; usable
/// from any thread.
///
/// Single-use tokens evict each other, never a token in regular use. Eviction order within a set of 16 slots:
/// a generation that is not current, no hits since the last ageing, oldest.
class VerifiedTokenCache {
public:
    /// A set holds at most this many bytes for each of its slots.
    static constexpr std::size_t bytesPerEntry = std::size_t{2} * 1024;

    /// Chooses the set of a token. Must return the same number for the same text.
    using Hash = std::function<std::size_t(std::string_view)>;

    /// Hashes the last 32 bytes only: a token ends with its signature, which differs from token to token.
    static std::size_t hashOfEnd(std::string_view token) noexcept;

    struct Counters {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        /// Tokens in the cache now, of any generation, and their size.
        std::size_t entries = 0;
        std::size_t bytes = 0;
        std::size_t capacity = 0;
    };

    /// Holds at least `entries` tokens (above zero), rounded up to whole sets of 16.
    explicit VerifiedTokenCache(std::size_t entries, Hash hash = hashOfEnd);

    /// Whether tokens of a generation may be used. Called with a lock held: it must not throw, wait or call
    /// the cache.
    using IsCurrent = std::function<bool(const Generation&)>;

    /// The token as it was verified, or nullptr. Counts a hit or a miss. The caller must check the token's
    /// times again (ValidityPeriod).
    std::shared_ptr<const VerifiedToken> lookUp(std::string_view token, const IsCurrent& isCurrent);

    /// Adds a token or replaces it. Does nothing if the token is larger than a whole set may be, or if every
    /// token of its set had a hit; the least used of them loses one then.
    void insert(std::string_view token, const Generation& generation,
                std::shared_ptr<const VerifiedToken> verified, const IsCurrent& isCurrent);

    Counters counters() const;

private:
    static constexpr std::size_t slotsPerSet = 16;
    static constexpr std::size_t bytesPerSet = slotsPerSet * bytesPerEntry;
    static constexpr unsigned maxHitCount = 7;

    /// Immutable.
    struct Entry {
        std::string token;
        Generation generation;
        std::shared_ptr<const VerifiedToken> verified;
        std::size_t bytes;
    };

    struct Slot {
        std::size_t hash = 0;
        std::shared_ptr<const Entry> entry;
        unsigned hitCount = 0;
        /// Of tokens with equally many hits the oldest is evicted first.
        std::uint64_t insertedAt = 0;

        bool holds(std::size_t wanted, std::string_view token) const {
            return hash == wanted && entry && entry->token == token;
        }
    };

    struct Set {
        mutable std::mutex mutex;
        std::array<Slot, slotsPerSet> slots;
        std::size_t bytes = 0;
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        std::uint64_t insertions = 0;

        Slot* find(std::size_t hash, std::string_view token);
        Slot* free();
        /// Frees the slot of the least used token; if that has hits, takes one from it and returns false.
        bool evict(const IsCurrent& isCurrent);
        void clear(Slot& slot);
        void age();
    };

    Set& setFor(std::size_t hash) { return _sets[hash % _sets.size()]; }

    const Hash _hash;
    std::vector<Set> _sets;
};

}  // namespace changebank::security
