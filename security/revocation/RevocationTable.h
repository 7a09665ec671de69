#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "changebank/security/revocation/PackedRevocation.h"
#include "changebank/security/revocation/RevocationKey.h"

namespace changebank::security {

/// A hash table of revocations by their keys, with open addressing. Its size is fixed and nothing is ever
/// taken out: then its owner moves what is left to another table. find() may be called from any thread at any
/// time and takes no lock; everything else by one thread at a time.
class RevocationTable {
public:
    /// Decides where a key is put. Odd random numbers, so that nobody can choose ids whose keys meet.
    struct Seed {
        std::uint64_t first;
        std::uint64_t second;
    };

    /// With room for that many entries and some more.
    RevocationTable(std::size_t entries, Seed seed);

    /// The instant of the revocation with that key, if there is one. Sees each set() that has returned.
    std::optional<std::int64_t> find(const RevocationKey& key) const noexcept;

    /// False if a key that is not there must not be set.
    bool hasRoom() const noexcept;

    /// Puts a revocation in, in place of the one with that key if there is one. `issuedUpTo` is not negative.
    void set(const RevocationKey& key, std::int64_t issuedUpTo, PackedRevocation texts) noexcept;

    /// Sets those whose instant is not before `oldest` in the other table, which has room for them. find()
    /// still sees all in this one, but nothing else may be done with it any more; what is left of it costs
    /// little to destroy, as the thread that looks up last does.
    void moveTo(RevocationTable& other, std::int64_t oldest) noexcept;

    /// Calls `visit` with the instant and the PackedRevocation of each.
    template <typename Visit>
    void forEach(const Visit& visit) const {
        for (std::size_t i = 0; i < _slots.size(); ++i) {
            const auto issuedUpTo = _slots[i].issuedUpTo.load(std::memory_order_relaxed);
            if (issuedUpTo != vacant) visit(issuedUpTo, _texts[i]);
        }
    }

    std::size_t used() const noexcept { return _used; }

    /// With the texts and the allocator's part.
    std::size_t bytes() const noexcept {
        return _slots.size() * (sizeof(Slot) + sizeof(PackedRevocation)) + _textBytes;
    }

private:
    static constexpr std::int64_t vacant = INT64_MIN;

    /// The instant is stored last and read first: who sees it sees the key. A key never changes.
    struct Slot {
        std::atomic<std::uint64_t> first{0};
        std::atomic<std::uint64_t> second{0};
        std::atomic<std::int64_t> issuedUpTo{vacant};
    };

    /// The slot of a key, or the one in which it belongs, and what was read there: `vacant` for the latter.
    struct Place {
        std::size_t index;
        std::int64_t issuedUpTo;
    };
    Place placeOf(const RevocationKey& key) const noexcept;

    /// As set(), without the count of bytes. Returns the texts that were there.
    PackedRevocation put(const RevocationKey& key, std::int64_t issuedUpTo, PackedRevocation texts) noexcept;

    const Seed _seed;
    const int _shift;
    std::vector<Slot> _slots;
    /// Of the slots, for who changes the table.
    std::vector<PackedRevocation> _texts;
    std::size_t _used = 0;
    std::size_t _textBytes = 0;
};

}  // namespace changebank::security
