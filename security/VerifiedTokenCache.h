#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "security/ClaimsCheck.h"

namespace changebank::security {

/// Under which keys and which settings a verdict was reached. A verdict of any other generation is not used.
struct Generation {
    std::uint64_t keys = 0;
    std::uint64_t settings = 0;

    friend bool operator==(const Generation&, const Generation&) = default;
};

/// Remembers verified tokens, so that a caller's second request with the same token costs no signature
/// verification. Bounded in entries and in octets a token; only tokens that passed are remembered, so a flood
/// of bad ones changes nothing. Found by a digest of the whole token and then compared as a whole.
///
/// A set-associative table: each token has one set of a few places, and a new token takes the place of one of
/// an older generation, else of the one that was used least. A flood of valid tokens that are used once
/// therefore displaces its own kind before it displaces a token in use. Usable from any thread; each set has
/// its own short lock.
class VerifiedTokenCache {
public:
    /// Longer tokens are not remembered, in octets.
    static constexpr std::size_t longestToken = 8 * 1024;

    struct Counters {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        /// Tokens remembered now, of any generation.
        std::size_t entries = 0;
        std::size_t capacity = 0;
    };

    /// Holds at least `entries` tokens, which must be above zero, rounded up to whole sets.
    explicit VerifiedTokenCache(std::size_t entries);

    /// The remembered token, or nullptr. Its times must be checked again.
    std::shared_ptr<const VerifiedToken> find(std::string_view token, const Generation& generation);

    void remember(std::string_view token, const Generation& generation,
                  std::shared_ptr<const VerifiedToken> verified);

    Counters counters() const;

private:
    static constexpr std::size_t placesPerSet = 8;
    static constexpr std::uint8_t mostUses = 7;

    struct Place {
        std::uint64_t digest = 0;
        Generation generation;
        std::string token;
        std::shared_ptr<const VerifiedToken> verified;
        std::uint8_t uses = 0;
        /// Among tokens of equal use the one that came first goes first.
        std::uint64_t insertion = 0;
    };

    using Places = std::array<Place, placesPerSet>;

    struct Set {
        mutable std::mutex mutex;
        Places places;
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        std::uint64_t insertions = 0;

        /// The place for a new token; to be called once for each, under the lock.
        Places::iterator leastWorth(const Generation& generation);
    };

    static std::uint64_t digestOf(std::string_view token);
    Set& setFor(std::uint64_t digest) { return _sets[digest % _sets.size()]; }

    std::vector<Set> _sets;
};

}  // namespace changebank::security
