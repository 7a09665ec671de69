#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/base/system/Snapshot.h"
#include "changebank/security/revocation/Revocation.h"
#include "changebank/security/revocation/RevocationKey.h"
#include "changebank/security/revocation/RevocationTable.h"

namespace changebank::security {

/// The revocations in effect. Bounded; each is forgotten once all tokens that it concerns have expired.
/// Look-ups take no lock and may come from any thread at any time; changes are made one after the other.
class RevocationList {
public:
    struct Limits {
        std::size_t entries = 100'000;
        /// No accepted token lives longer (TokenPolicy::maxLifetime, with the leeway): revocations that are
        /// older are forgotten.
        std::chrono::seconds lifetime{24 * 60 * 60};
    };

    enum class Outcome : unsigned char {
        added,
        /// One of the same tokens, with the same instant or a later one, is there.
        known,
        /// All tokens that it concerns have expired.
        expired,
        /// No room.
        full,
    };

    struct Counters {
        /// In memory; some may have expired since the last addition.
        std::size_t entries = 0;
        std::size_t capacity = 0;
        std::size_t bytes = 0;
        /// The latest instant of all that were forgotten, if tokens that were issued up to then need not have
        /// expired by the clock and the lifetime of now: they are all refused.
        std::optional<std::int64_t> forgottenUpTo{};
    };

    explicit RevocationList(Limits limits, Clock& clock = Clock::system());
    RevocationList(const RevocationList&) = delete;
    RevocationList& operator=(const RevocationList&) = delete;

    /// True if the list holds a revocation with one of the keys and an instant that is not before the second
    /// of `issuedAt`, the token's `iat` (-infinity if it has none). Also if it has forgotten any revocation
    /// with such an instant: the token has expired then, unless the clock was ahead for a while or the
    /// lifetime shorter, and nobody knows any more whether it was revoked. That lapses once the lifetime has
    /// passed since that instant, and a minute. Less than 100 ns for a key when the list is empty.
    bool isRevoked(const std::vector<RevocationKey>& keys, double issuedAt) const noexcept;

    /// Whether the list is known to be complete enough to accept tokens by it. True at first.
    bool isAvailable() const noexcept { return _isAvailable.load(std::memory_order_acquire); }
    void setAvailable(bool isAvailable) noexcept {
        _isAvailable.store(isAvailable, std::memory_order_release);
    }

    /// What add() would return now. Throws as it does.
    Outcome check(const Revocation& revocation);

    /// Puts a revocation into effect: in force for every look-up that begins after the return. Of two for the
    /// same tokens the later instant counts, with its reason, even if there is no room for others. One that
    /// has expired counts as forgotten: a longer lifetime must not revive its tokens. Throws
    /// Poco::InvalidArgumentException if the revocation has a fault().
    Outcome add(const Revocation& revocation);

    /// Those for which `matches` returns true, latest instant first, at most `limit`. Calls `matches` once
    /// for each that is in effect, whatever the limit. Takes time in proportion to the list; additions wait
    /// meanwhile, look-ups do not. `matches` must not call the list.
    std::vector<Revocation> find(const std::function<bool(const Revocation&)>& matches,
                                 std::size_t limit) const;

    /// Forgets those whose tokens have all expired, and gives their memory back to the allocator. add() does
    /// that too, whenever it needs room and otherwise once a minute.
    void forgetExpired();

    /// Applies from now on; fewer entries than there are just let no more in.
    void setLimits(Limits limits) noexcept;

    /// As in the limits; not negative.
    std::chrono::seconds lifetime() const noexcept { return _lifetime; }

    Counters counters() const;

private:
    struct Expired;
    Expired expiredBefore(std::int64_t oldest) const;
    std::int64_t now() const;
    std::int64_t oldestKept(std::int64_t now) const noexcept;
    Outcome outcomeOf(const RevocationKey& key, std::int64_t issuedUpTo, std::int64_t oldest) const;
    Outcome judge(const RevocationKey& key, std::int64_t issuedUpTo, std::int64_t now);
    void noteForgotten(std::int64_t issuedUpTo) noexcept;
    bool isSweepDue(std::int64_t now) const noexcept;
    void makeRoom(std::int64_t now);
    void rebuild(const Expired& expired, std::int64_t oldest);

    Clock& _clock;
    std::atomic<std::size_t> _capacity;
    std::atomic<std::chrono::seconds> _lifetime;
    std::atomic<bool> _isAvailable{true};
    std::atomic<bool> _isEmpty{true};
    /// The latest instant of all that were forgotten, also of those that had expired before they came;
    /// -infinity: none were.
    std::atomic<double> _forgottenUpTo;
    const RevocationTable::Seed _seed;

    /// For changes, one at a time.
    mutable std::mutex _mutex;
    std::shared_ptr<RevocationTable> _table;
    /// The same table, for look-ups.
    Snapshot<const RevocationTable> _current;
    /// No instant in the table is before it.
    mutable std::int64_t _earliest = INT64_MAX;
    /// When expired ones were looked for last, in seconds since 1970.
    std::int64_t _lastSweep = 0;
};

}  // namespace changebank::security
