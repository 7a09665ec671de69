#include "security/VerifiedTokenCache.h"

#include <openssl/sha.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "security/OpenSsl.h"

namespace changebank::security {

VerifiedTokenCache::VerifiedTokenCache(std::size_t entries)
    : _sets((entries + placesPerSet - 1) / placesPerSet) {}

VerifiedTokenCache::Places::iterator VerifiedTokenCache::Set::leastWorth(const Generation& generation) {
    // Now and then everybody loses a little, so that a token that is no longer used goes in the end.
    constexpr unsigned insertionsBetweenAging = 32;
    if (++insertions % insertionsBetweenAging == 0) {
        for (auto& place : places) {
            if (place.uses > 0) --place.uses;
        }
    }
    const auto worth = [&generation](const Place& place) {
        const int uses = place.verified && place.generation == generation ? place.uses + 1 : 0;
        return std::pair(uses, place.insertion);
    };
    return std::min_element(places.begin(), places.end(),
                            [&worth](const Place& a, const Place& b) { return worth(a) < worth(b); });
}

std::uint64_t VerifiedTokenCache::digestOf(std::string_view token) {
    // A cryptographic digest, so that nobody can craft tokens that all fall into one set.
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(octets(token), token.size(), digest.data());
    std::uint64_t prefix = 0;
    std::memcpy(&prefix, digest.data(), sizeof prefix);
    return prefix;
}

std::shared_ptr<const VerifiedToken> VerifiedTokenCache::find(std::string_view token,
                                                              const Generation& generation) {
    const auto digest = digestOf(token);
    Set& set = setFor(digest);
    const std::lock_guard lock(set.mutex);
    for (auto& place : set.places) {
        if (place.digest != digest || place.generation != generation || !place.verified ||
            place.token != token) {
            continue;
        }
        if (place.uses < mostUses) ++place.uses;
        ++set.hits;
        return place.verified;
    }
    ++set.misses;
    return nullptr;
}

void VerifiedTokenCache::remember(std::string_view token, const Generation& generation,
                                  std::shared_ptr<const VerifiedToken> verified) {
    if (token.size() > longestToken) return;
    const auto digest = digestOf(token);
    Set& set = setFor(digest);
    const std::lock_guard lock(set.mutex);
    auto place = std::find_if(set.places.begin(), set.places.end(), [&](const Place& known) {
        return known.verified && known.digest == digest && known.token == token;
    });
    if (place == set.places.end()) place = set.leastWorth(generation);
    *place = Place{digest, generation, std::string(token), std::move(verified), 0, set.insertions};
}

VerifiedTokenCache::Counters VerifiedTokenCache::counters() const {
    Counters counters;
    counters.capacity = _sets.size() * placesPerSet;
    for (const auto& set : _sets) {
        const std::lock_guard lock(set.mutex);
        counters.hits += set.hits;
        counters.misses += set.misses;
        for (const auto& place : set.places) {
            if (place.verified) ++counters.entries;
        }
    }
    return counters;
}

}  // namespace changebank::security
