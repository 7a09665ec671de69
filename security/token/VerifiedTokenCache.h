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

/// Under which keys and which settings a verdict was reached. A verdict of any other generation is not used.
struct Generation {
    std::uint64_t keys = 0;
    std::uint64_t settings = 0;

    friend bool operator==(const Generation&, const Generation&) = default;
};

/// Remembers verified tokens, so that a caller's second request with the same token costs no signature
/// verification. Only tokens that passed are remembered, so a flood of bad ones changes nothing, and nobody
/// but the issuer can choose what shares a set. Found by its hash and then compared as a whole. Usable from
/// any thread.
///
/// The tokens stand in one set-associative table for all threads: each token has one set of a few places. In
/// a full set a new token takes the place of one of an older generation, else of one that was not used again;
/// where all were, it is not remembered this time, but takes a use from the one that was used least. A flood
/// of valid tokens that are used once therefore displaces its own kind and no token in use. The table is
/// bounded in entries, and in octets: a set holds at most octetsPerEntry for each of its places.
///
/// Each set has a lock of its own, which is held while the set is searched: threads that serve different
/// tokens hardly ever meet.
class VerifiedTokenCache {
public:
    /// Octets that the tokens of a set may take, for each of its places.
    static constexpr std::size_t octetsPerEntry = std::size_t{2} * 1024;

    /// Which set a token belongs to; the same for the same text.
    using Hash = std::function<std::size_t(std::string_view)>;

    /// Of the last octets alone: a token ends with its signature, which differs from token to token.
    static std::size_t hashOfEnd(std::string_view token) noexcept;

    struct Counters {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        /// Tokens in the table now, of any generation, and the octets that they take.
        std::size_t entries = 0;
        std::size_t octets = 0;
        std::size_t capacity = 0;
    };

    /// Holds at least `entries` tokens, which must be above zero, rounded up to whole sets.
    explicit VerifiedTokenCache(std::size_t entries, Hash hash = hashOfEnd);

    /// The remembered token, or nullptr. Its times must be checked again.
    std::shared_ptr<const VerifiedToken> find(std::string_view token, const Generation& generation);

    /// A token that takes more octets than a whole set may have is not remembered.
    void remember(std::string_view token, const Generation& generation,
                  std::shared_ptr<const VerifiedToken> verified);

    Counters counters() const;

private:
    static constexpr std::size_t placesPerSet = 16;
    static constexpr std::size_t octetsPerSet = placesPerSet * octetsPerEntry;
    static constexpr unsigned mostUses = 7;

    /// A token of the table; immutable.
    struct Remembered {
        std::string token;
        Generation generation;
        std::shared_ptr<const VerifiedToken> verified;
        std::size_t octets;
    };

    struct Place {
        std::size_t hash = 0;
        std::shared_ptr<const Remembered> remembered;
        unsigned uses = 0;
        /// Among tokens of equal use the one that came first goes first.
        std::uint64_t insertion = 0;

        bool holds(std::size_t wanted, std::string_view token) const {
            return hash == wanted && remembered && remembered->token == token;
        }
    };

    struct Set {
        mutable std::mutex mutex;
        std::array<Place, placesPerSet> places;
        std::size_t octets = 0;
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        std::uint64_t insertions = 0;

        Place* find(std::size_t hash, std::string_view token);
        Place* free();
        /// Drops the token that is worth least, or takes a use from it and returns false.
        bool makeRoom(const Generation& generation);
        void drop(Place& place);
        void age();
    };

    Set& setFor(std::size_t hash) { return _sets[hash % _sets.size()]; }

    const Hash _hash;
    std::vector<Set> _sets;
};

}  // namespace changebank::security
