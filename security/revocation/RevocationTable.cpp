#include "changebank/security/revocation/RevocationTable.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace changebank::security {

namespace {

constexpr std::size_t smallestTable = 16;

/// Half full then, so that there is room for a quarter more.
std::size_t slotsFor(std::size_t entries) {
    return std::bit_ceil(std::max(smallestTable, entries * 2));
}

}  // namespace

RevocationTable::RevocationTable(std::size_t entries, Seed seed)
    : _seed(seed),
      _shift(64 - std::countr_zero(slotsFor(entries))),
      _slots(slotsFor(entries)),
      _texts(_slots.size()) {}

// Multiply-shift hashing: whatever two keys are, few seeds let them meet. The table is never full, so the
// loop ends.
RevocationTable::Place RevocationTable::placeOf(const RevocationKey& key) const noexcept {
    const auto mask = _slots.size() - 1;
    const auto hash = key[0] * _seed.first + key[1] * _seed.second;
    for (auto i = static_cast<std::size_t>(hash >> _shift);; i = (i + 1) & mask) {
        const auto& slot = _slots[i];
        // Read once: another key may take a vacant slot at any time.
        const auto issuedUpTo = slot.issuedUpTo.load(std::memory_order_acquire);
        if (issuedUpTo == vacant) return {i, vacant};
        if (slot.first.load(std::memory_order_relaxed) == key[0] &&
            slot.second.load(std::memory_order_relaxed) == key[1])
            return {i, issuedUpTo};
    }
}

std::optional<std::int64_t> RevocationTable::find(const RevocationKey& key) const noexcept {
    const auto place = placeOf(key);
    return place.issuedUpTo == vacant ? std::nullopt : std::optional(place.issuedUpTo);
}

bool RevocationTable::hasRoom() const noexcept {
    return (_used + 1) * 8 <= _slots.size() * 5;
}

void RevocationTable::set(const RevocationKey& key, std::int64_t issuedUpTo,
                          PackedRevocation texts) noexcept {
    const auto bytes = texts.bytes();
    const auto replaced = put(key, issuedUpTo, std::move(texts));
    _textBytes += bytes;
    _textBytes -= replaced.bytes();
}

PackedRevocation RevocationTable::put(const RevocationKey& key, std::int64_t issuedUpTo,
                                      PackedRevocation texts) noexcept {
    const auto place = placeOf(key);
    auto& slot = _slots[place.index];
    if (place.issuedUpTo == vacant) {
        slot.first.store(key[0], std::memory_order_relaxed);
        slot.second.store(key[1], std::memory_order_relaxed);
        ++_used;
    }
    slot.issuedUpTo.store(issuedUpTo, std::memory_order_release);
    return std::exchange(_texts[place.index], std::move(texts));
}

void RevocationTable::moveTo(RevocationTable& other, std::int64_t oldest) noexcept {
    for (std::size_t i = 0; i < _slots.size(); ++i) {
        const auto& slot = _slots[i];
        const auto issuedUpTo = slot.issuedUpTo.load(std::memory_order_relaxed);
        if (issuedUpTo == vacant) continue;
        if (issuedUpTo < oldest) {
            _textBytes -= _texts[i].bytes();
            continue;
        }
        other.put({slot.first.load(std::memory_order_relaxed), slot.second.load(std::memory_order_relaxed)},
                  issuedUpTo, std::move(_texts[i]));
    }
    other._textBytes += std::exchange(_textBytes, 0);
    std::vector<PackedRevocation>().swap(_texts);
}

}  // namespace changebank::security
