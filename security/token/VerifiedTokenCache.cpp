#include "changebank/security/token/VerifiedTokenCache.h"

#include <algorithm>
#include <utility>

namespace changebank::security {

// A set-associative table, as in processors' caches: the hash of a token selects one set of 16 slots, which
// is searched from end to end, and the token is compared as a whole. Nobody but the issuer can choose which
// tokens share a set, since only verified ones are inserted.
//
// Each set has a lock of its own, held while the set is searched, so threads that serve different tokens
// hardly ever meet.

namespace {

/// With the key of the proofs, which comes later.
std::size_t bytesOf(const Confirmation& confirmation) {
    constexpr std::size_t boundKey = 3 * 1024;
    return confirmation.keyThumbprint.capacity() + confirmation.certificateThumbprint.capacity() +
           (confirmation.key ? boundKey : 0);
}

std::size_t bytesOf(const Principal& principal) {
    std::size_t bytes = principal.subject.capacity() + principal.tenant.capacity() +
                        principal.tokenId.capacity() + principal.claims.capacity() +
                        principal.issuer.capacity() + principal.authenticationClass.capacity() +
                        bytesOf(principal.confirmation);
    for (const auto* names : {&principal.roles, &principal.scopes, &principal.permissions}) {
        for (const auto& name : *names)
            bytes += sizeof(std::string) + name.capacity();
    }
    return bytes;
}

}  // namespace

std::size_t VerifiedTokenCache::hashOfEnd(std::string_view token) noexcept {
    constexpr std::size_t length = 32;
    return std::hash<std::string_view>()(token.substr(token.size() - std::min(token.size(), length)));
}

VerifiedTokenCache::VerifiedTokenCache(std::size_t entries, Hash hash)
    : _hash(std::move(hash)), _sets((entries + slotsPerSet - 1) / slotsPerSet) {}

VerifiedTokenCache::Slot* VerifiedTokenCache::Set::find(std::size_t hash, std::string_view token) {
    const auto slot =
        std::find_if(slots.begin(), slots.end(), [&](const Slot& known) { return known.holds(hash, token); });
    return slot == slots.end() ? nullptr : &*slot;
}

VerifiedTokenCache::Slot* VerifiedTokenCache::Set::free() {
    const auto slot =
        std::find_if(slots.begin(), slots.end(), [](const Slot& known) { return known.entry == nullptr; });
    return slot == slots.end() ? nullptr : &*slot;
}

bool VerifiedTokenCache::Set::evict(const IsCurrent& isCurrent) {
    const auto rank = [&isCurrent](const Slot& slot) {
        const unsigned count = isCurrent(slot.entry->generation) ? slot.hitCount : 0;
        return std::pair(count, slot.insertedAt);
    };
    Slot* least = nullptr;
    for (auto& slot : slots) {
        if (slot.entry && (least == nullptr || rank(slot) < rank(*least))) least = &slot;
    }
    if (rank(*least).first > 0) {
        --least->hitCount;
        return false;
    }
    clear(*least);
    return true;
}

void VerifiedTokenCache::Set::clear(Slot& slot) {
    bytes -= slot.entry->bytes;
    slot = Slot{};
}

/// Every 32 insertions each token loses a hit, so that a token that is no longer used is evicted in the end.
void VerifiedTokenCache::Set::age() {
    constexpr unsigned insertionsBetweenAging = 32;
    if (++insertions % insertionsBetweenAging != 0) return;
    for (auto& slot : slots) {
        if (slot.hitCount > 0) --slot.hitCount;
    }
}

std::shared_ptr<const VerifiedToken> VerifiedTokenCache::lookUp(std::string_view token,
                                                                const IsCurrent& isCurrent) {
    const auto hash = _hash(token);
    Set& set = setFor(hash);
    const std::lock_guard lock(set.mutex);
    auto* slot = set.find(hash, token);
    if (slot == nullptr || !isCurrent(slot->entry->generation)) {
        ++set.misses;
        return nullptr;
    }
    slot->hitCount = std::min(slot->hitCount + 1, maxHitCount);
    ++set.hits;
    return slot->entry->verified;
}

void VerifiedTokenCache::insert(std::string_view token, const Generation& generation,
                                std::shared_ptr<const VerifiedToken> verified, const IsCurrent& isCurrent) {
    // The two sizes of a control block are an estimate.
    const auto bytes = sizeof(Entry) + sizeof(VerifiedToken) + 2 * sizeof(std::max_align_t) + token.size() +
                       bytesOf(verified->principal) +
                       verified->revocationKeys.capacity() * sizeof(RevocationKey);
    if (bytes > bytesPerSet) return;
    auto entry =
        std::make_shared<const Entry>(Entry{std::string(token), generation, std::move(verified), bytes});

    const auto hash = _hash(token);
    Set& set = setFor(hash);
    const std::lock_guard lock(set.mutex);
    set.age();
    if (auto* same = set.find(hash, token)) set.clear(*same);
    while (set.free() == nullptr || set.bytes + bytes > bytesPerSet) {
        if (!set.evict(isCurrent)) return;
    }
    *set.free() = Slot{hash, std::move(entry), 0, set.insertions};
    set.bytes += bytes;
}

VerifiedTokenCache::Counters VerifiedTokenCache::counters() const {
    Counters counters;
    counters.capacity = _sets.size() * slotsPerSet;
    for (const auto& set : _sets) {
        const std::lock_guard lock(set.mutex);
        counters.hits += set.hits;
        counters.misses += set.misses;
        counters.bytes += set.bytes;
        counters.entries += static_cast<std::size_t>(std::count_if(
            set.slots.begin(), set.slots.end(), [](const Slot& slot) { return slot.entry != nullptr; }));
    }
    return counters;
}

}  // namespace changebank::security
