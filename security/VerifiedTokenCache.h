#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
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
/// verification. Only tokens that passed are remembered, so a flood of bad ones changes nothing. Found by a
/// hash of the whole token under a secret of this object, and then compared as a whole. Usable from any
/// thread.
///
/// The tokens stand in one set-associative table for all threads: each token has one set of a few places. In
/// a full set a new token takes the place of one of an older generation, else of one that was not used again;
/// where all were, it is not remembered this time, but takes a use from the one that was used least. A flood
/// of valid tokens that are used once therefore displaces its own kind and no token in use. The table is
/// bounded in entries, and in octets: a set holds at most octetsPerEntry for each of its places.
///
/// Each set has a short lock, but a token in steady use is found without one: each thread has a front, a
/// small array of the tokens that it found in the table, which no other thread reads or writes. There a hash
/// of the token's last octets is enough before the token is compared as a whole: they are the signature's
/// end, which differs from token to token and which nobody can choose. What the front gives out has a
/// reference count of the thread's own, so that threads which serve the same token write no memory in common.
/// After usesPerLook uses the thread looks into the table again, which is how the table learns of them. The
/// fronts belong to this object and share its tokens: a thread's front costs some hundred octets for each of
/// its slots in use, and keeps at most as many tokens that the table has displaced alive.
class VerifiedTokenCache {
public:
    /// Octets that the tokens of a set may take, for each of its places.
    static constexpr std::size_t octetsPerEntry = std::size_t{2} * 1024;
    /// Tokens that a thread may find without a lock.
    static constexpr std::size_t mostSlots = 4096;
    /// Uses of a token in a thread's front before the thread looks into the table again.
    static constexpr unsigned usesPerLook = 64;

    using Hash = std::function<std::size_t(std::string_view)>;

    /// A token to be found or remembered. Good for one cache while the text lives. The hash of the whole
    /// token is made once, when it is needed.
    class Key {
    public:
        explicit Key(std::string_view token) noexcept : _token(token) {}
        std::string_view token() const noexcept { return _token; }

    private:
        friend class VerifiedTokenCache;
        std::string_view _token;
        std::optional<std::uint64_t> _digest;
    };

    struct Counters {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        /// Tokens in the table now, of any generation, and the octets that they take.
        std::size_t entries = 0;
        std::size_t octets = 0;
        std::size_t capacity = 0;
    };

    /// Holds at least `entries` tokens, which must be above zero, rounded up to whole sets. A token's hash says
    /// which set is its own.
    explicit VerifiedTokenCache(std::size_t entries, Hash hash = std::hash<std::string_view>());
    ~VerifiedTokenCache();
    VerifiedTokenCache(const VerifiedTokenCache&) = delete;
    VerifiedTokenCache& operator=(const VerifiedTokenCache&) = delete;

    /// The remembered token, or nullptr. Its times must be checked again.
    std::shared_ptr<const VerifiedToken> find(Key& key, const Generation& generation);

    /// A token that takes more octets than a whole set may have is not remembered.
    void remember(Key& key, const Generation& generation, std::shared_ptr<const VerifiedToken> verified);

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
        std::uint64_t digest = 0;
        std::shared_ptr<const Remembered> remembered;
        unsigned uses = 0;
        /// Among tokens of equal use the one that came first goes first.
        std::uint64_t insertion = 0;

        bool holds(std::uint64_t wanted, std::string_view token) const {
            return remembered && digest == wanted && remembered->token == token;
        }
    };

    struct Set {
        mutable std::mutex mutex;
        std::array<Place, placesPerSet> places;
        std::size_t octets = 0;
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        std::uint64_t insertions = 0;

        Place* find(std::uint64_t digest, std::string_view token);
        Place* free();
        /// Drops the token that is worth least, or takes a use from it and returns false.
        bool makeRoom(const Generation& generation);
        void drop(Place& place);
        void age();
    };

    class Front;

    std::uint64_t digestOf(Key& key) const;
    Set& setFor(std::uint64_t digest) { return _sets[digest % _sets.size()]; }
    std::shared_ptr<const Remembered> look(Key& key, const Generation& generation, unsigned uses);
    Front& front();
    Front& registeredFront();

    const Hash _hash;
    /// No two caches of the process have one number.
    const std::uint64_t _number;
    std::vector<Set> _sets;

    mutable std::mutex _frontsMutex;
    std::unordered_map<std::thread::id, std::unique_ptr<Front>> _fronts;
};

}  // namespace changebank::security
