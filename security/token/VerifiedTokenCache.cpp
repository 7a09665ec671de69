#include "changebank/security/token/VerifiedTokenCache.h"

#include <algorithm>
#include <utility>

namespace changebank::security {

namespace {

std::size_t octetsOf(const Principal& principal) {
    std::size_t octets = principal.subject.capacity() + principal.tenant.capacity() +
                         principal.tokenId.capacity() + principal.claims.capacity();
    for (const auto& role : principal.roles)
        octets += sizeof(std::string) + role.capacity();
    return octets;
}

}  // namespace

std::size_t VerifiedTokenCache::hashOfEnd(std::string_view token) noexcept {
    constexpr std::size_t length = 32;
    return std::hash<std::string_view>()(token.substr(token.size() - std::min(token.size(), length)));
}

VerifiedTokenCache::VerifiedTokenCache(std::size_t entries, Hash hash)
    : _hash(std::move(hash)), _sets((entries + placesPerSet - 1) / placesPerSet) {}

VerifiedTokenCache::Place* VerifiedTokenCache::Set::find(std::size_t hash, std::string_view token) {
    const auto place = std::find_if(places.begin(), places.end(),
                                    [&](const Place& known) { return known.holds(hash, token); });
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

std::shared_ptr<const VerifiedToken> VerifiedTokenCache::find(std::string_view token,
                                                              const Generation& generation) {
    const auto hash = _hash(token);
    Set& set = setFor(hash);
    const std::lock_guard lock(set.mutex);
    auto* place = set.find(hash, token);
    if (place == nullptr || place->remembered->generation != generation) {
        ++set.misses;
        return nullptr;
    }
    place->uses = std::min(place->uses + 1, mostUses);
    ++set.hits;
    return place->remembered->verified;
}

void VerifiedTokenCache::remember(std::string_view token, const Generation& generation,
                                  std::shared_ptr<const VerifiedToken> verified) {
    // The two sizes of a control block are an estimate.
    const auto octets = sizeof(Remembered) + sizeof(VerifiedToken) + 2 * sizeof(std::max_align_t) +
                        token.size() + octetsOf(verified->principal);
    if (octets > octetsPerSet) return;
    auto remembered = std::make_shared<const Remembered>(
        Remembered{std::string(token), generation, std::move(verified), octets});

    const auto hash = _hash(token);
    Set& set = setFor(hash);
    const std::lock_guard lock(set.mutex);
    set.age();
    if (auto* same = set.find(hash, token)) set.drop(*same);
    while (set.free() == nullptr || set.octets + octets > octetsPerSet) {
        if (!set.makeRoom(generation)) return;
    }
    *set.free() = Place{hash, std::move(remembered), 0, set.insertions};
    set.octets += octets;
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
    return counters;
}

}  // namespace changebank::security
