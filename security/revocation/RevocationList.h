#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/security/revocation/Revocation.h"
#include "changebank/security/revocation/RevocationKey.h"

namespace changebank::security {

/// The revocations in effect. Bounded; each is forgotten once all tokens that it concerns have expired. Look-ups
/// take no lock and may come from any thread at any time; changes are made one after the other.
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
        std::size_t entries = 0;
        std::size_t capacity = 0;
        std::size_t bytes = 0;
    };

    explicit RevocationList(Limits limits, Clock& clock = Clock::system());
    ~RevocationList();
    RevocationList(const RevocationList&) = delete;
    RevocationList& operator=(const RevocationList&) = delete;

    /// True if the list holds a revocation with one of the keys and an instant that is not before `issuedAt`,
    /// the token's `iat` (-infinity if it has none). Less than 100 ns for a key when the list is empty.
    bool isRevoked(const std::vector<RevocationKey>& keys, double issuedAt) const noexcept;

    /// Whether the list is known to be complete enough to accept tokens by it. True at first.
    bool isAvailable() const noexcept { return _isAvailable.load(std::memory_order_acquire); }
    void setAvailable(bool isAvailable) noexcept { _isAvailable.store(isAvailable, std::memory_order_release); }

    /// What add() would return now.
    Outcome check(const Revocation& revocation) const;

    /// Puts a revocation without a fault() into effect: in force for every look-up that begins after the
    /// return. Of two for the same tokens the later instant counts.
    Outcome add(const Revocation& revocation);

    /// Those for which `matches` returns true, latest instant first, at most `limit`. Takes time in proportion
    /// to the list.
    std::vector<Revocation> find(const std::function<bool(const Revocation&)>& matches, std::size_t limit) const;

    /// Applies from now on; fewer entries than there are just let no more in.
    void setLimits(Limits limits);

    /// As in the limits.
    std::chrono::seconds lifetime() const noexcept;

    Counters counters() const;

private:
    struct Table;
    std::atomic<bool> _isAvailable{true};
    // The rest is the implementation's.
};

}  // namespace changebank::security
