#include "security/VerifiedTokenCache.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <utility>

namespace changebank::security {

namespace {

std::uint64_t nextNumber() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

std::string_view endOf(std::string_view token) {
    constexpr std::size_t length = 8;
    return token.substr(token.size() - std::min(token.size(), length));
}

std::size_t octetsOf(const Principal& principal) {
    std::size_t octets = principal.subject.capacity() + principal.tenant.capacity() +
                         principal.tokenId.capacity() + principal.claims.capacity();
    for (const auto& role : principal.roles)
        octets += sizeof(std::string) + role.capacity();
    return octets;
}

}  // namespace

/// What one thread found in the table of late. That thread alone uses it; its hits may be read by any.
class VerifiedTokenCache::Front {
public:
    explicit Front(std::size_t slots) : _slots(slots) {}

    struct Slot {
        std::uint64_t endHash = 0;
        const Remembered* remembered = nullptr;
        /// Owns what is remembered, with a reference count that no other thread has.
        std::shared_ptr<const VerifiedToken> verified;
        unsigned uses = 0;

        bool holds(std::uint64_t hash, std::string_view token) const {
            return remembered != nullptr && endHash == hash && remembered->token == token;
        }
    };

    Slot& slotFor(std::uint64_t endHash) { return _slots[endHash & (_slots.size() - 1)]; }

    static void keep(Slot& slot, std::uint64_t endHash, std::shared_ptr<const Remembered> found) {
        if (slot.remembered != found.get()) {
            const auto* raw = found.get();
            const auto* verified = raw->verified.get();
            slot.verified.reset(verified, [kept = std::move(found)](const VerifiedToken*) {});
            slot.remembered = raw;
            slot.endHash = endHash;
        }
        slot.uses = 0;
    }

    void countHit() { _hits.store(hits() + 1, std::memory_order_relaxed); }
    std::uint64_t hits() const { return _hits.load(std::memory_order_relaxed); }

private:
    std::vector<Slot> _slots;
    std::atomic<std::uint64_t> _hits{0};
};

VerifiedTokenCache::VerifiedTokenCache(std::size_t entries, Hash hash)
    : _hash(std::move(hash)), _number(nextNumber()), _sets((entries + placesPerSet - 1) / placesPerSet) {}

VerifiedTokenCache::~VerifiedTokenCache() = default;

VerifiedTokenCache::Place* VerifiedTokenCache::Set::find(std::uint64_t digest, std::string_view token) {
    const auto place = std::find_if(places.begin(), places.end(),
                                    [&](const Place& known) { return known.holds(digest, token); });
    return place == places.end() ? nullptr : &*place;
}

VerifiedTokenCache::Place* VerifiedTokenCache::Set::free() {
    const auto place = std::find_if(places.begin(), places.end(),
                                    [](const Place& known) { return known.remembered == nullptr; });
    return place == places.end() ? nullptr : &*place;
}

bool VerifiedTokenCache::Set::makeRoom(const Generation& generation) {
    const auto worth = [&generation](const Place& place) {
        const unsigned uses = place.remembered->generation == generation ? place.uses : 0;
        return std::pair(uses, place.insertion);
    };
    Place* least = nullptr;
    for (auto& place : places) {
        if (place.remembered && (least == nullptr || worth(place) < worth(*least))) least = &place;
    }
    if (worth(*least).first > 0) {
        --least->uses;
        return false;
    }
    drop(*least);
    return true;
}

void VerifiedTokenCache::Set::drop(Place& place) {
    octets -= place.remembered->octets;
    place = Place{};
}

/// Now and then everybody loses a little, so that a token that is no longer used goes in the end.
void VerifiedTokenCache::Set::age() {
    constexpr unsigned insertionsBetweenAging = 32;
    if (++insertions % insertionsBetweenAging != 0) return;
    for (auto& place : places) {
        if (place.uses > 0) --place.uses;
    }
}

std::uint64_t VerifiedTokenCache::digestOf(Key& key) const {
    if (!key._digest) key._digest = _hash(key._token);
    return *key._digest;
}

std::shared_ptr<const VerifiedToken> VerifiedTokenCache::find(Key& key, const Generation& generation) {
    auto& front = this->front();
    const auto endHash = _hash(endOf(key._token));
    auto& slot = front.slotFor(endHash);
    const bool known = slot.holds(endHash, key._token);
    if (known && slot.uses < usesPerLook && slot.remembered->generation == generation) {
        ++slot.uses;
        front.countHit();
        return slot.verified;
    }
    if (auto found = look(key, generation, known ? slot.uses + 1 : 1)) {
        Front::keep(slot, endHash, std::move(found));
        return slot.verified;
    }
    if (known) slot = {};
    return nullptr;
}

std::shared_ptr<const VerifiedTokenCache::Remembered> VerifiedTokenCache::look(Key& key,
                                                                               const Generation& generation,
                                                                               unsigned uses) {
    const auto digest = digestOf(key);
    Set& set = setFor(digest);
    const std::lock_guard lock(set.mutex);
    auto* place = set.find(digest, key._token);
    if (place == nullptr || place->remembered->generation != generation) {
        ++set.misses;
        return nullptr;
    }
    place->uses = std::min(place->uses + uses, mostUses);
    ++set.hits;
    return place->remembered;
}

void VerifiedTokenCache::remember(Key& key, const Generation& generation,
                                  std::shared_ptr<const VerifiedToken> verified) {
    // The two sizes of a control block are an estimate.
    const auto octets = sizeof(Remembered) + sizeof(VerifiedToken) + 2 * sizeof(std::max_align_t) +
                        key._token.size() + octetsOf(verified->principal);
    if (octets > octetsPerSet) return;
    auto remembered = std::make_shared<const Remembered>(
        Remembered{std::string(key._token), generation, std::move(verified), octets});

    const auto digest = digestOf(key);
    Set& set = setFor(digest);
    const std::lock_guard lock(set.mutex);
    set.age();
    if (auto* same = set.find(digest, key._token)) set.drop(*same);
    while (set.free() == nullptr || set.octets + octets > octetsPerSet) {
        if (!set.makeRoom(generation)) return;
    }
    *set.free() = Place{digest, std::move(remembered), 0, set.insertions};
    set.octets += octets;
}

/// A thread looks its front up once; which cache it belongs to stands beside it.
VerifiedTokenCache::Front& VerifiedTokenCache::front() {
    thread_local std::uint64_t cache = 0;
    thread_local Front* mine = nullptr;
    if (cache != _number || mine == nullptr) {
        mine = &registeredFront();
        cache = _number;
    }
    return *mine;
}

VerifiedTokenCache::Front& VerifiedTokenCache::registeredFront() {
    const std::lock_guard lock(_frontsMutex);
    auto& front = _fronts[std::this_thread::get_id()];
    if (!front) {
        const auto capacity = _sets.size() * placesPerSet;
        front = std::make_unique<Front>(std::min(mostSlots, std::bit_ceil(capacity)));
    }
    return *front;
}

VerifiedTokenCache::Counters VerifiedTokenCache::counters() const {
    Counters counters;
    counters.capacity = _sets.size() * placesPerSet;
    for (const auto& set : _sets) {
        const std::lock_guard lock(set.mutex);
        counters.hits += set.hits;
        counters.misses += set.misses;
        counters.octets += set.octets;
        counters.entries += static_cast<std::size_t>(
            std::count_if(set.places.begin(), set.places.end(),
                          [](const Place& place) { return place.remembered != nullptr; }));
    }
    const std::lock_guard lock(_frontsMutex);
    for (const auto& [thread, front] : _fronts)
        counters.hits += front->hits();
    return counters;
}

}  // namespace changebank::security
