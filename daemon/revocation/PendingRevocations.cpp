#include "changebank/daemon/revocation/PendingRevocations.h"

#include <utility>

namespace changebank::daemon {

void PendingRevocations::addUnpublished(const Revocations& revocations) {
    const std::lock_guard lock(_mutex);
    for (const auto& revocation : revocations)
        merge(_unpublished, revocation);
}

void PendingRevocations::setSent(const Revocations& revocations) {
    const std::lock_guard lock(_mutex);
    for (const auto& revocation : revocations) {
        settle(_unpublished, revocation);
        merge(_sent, revocation);
    }
}

bool PendingRevocations::setFailed(const security::Revocation& revocation) {
    const std::lock_guard lock(_mutex);
    const auto key = revocation.key();
    if (!_sent.contains(key) && !_unpublished.contains(key)) return false;
    settle(_sent, revocation);
    merge(_unpublished, revocation);
    return true;
}

void PendingRevocations::setRead(const security::Revocation& revocation) {
    const std::lock_guard lock(_mutex);
    settle(_unpublished, revocation);
    settle(_sent, revocation);
}

void PendingRevocations::setAllUnpublished() {
    const std::lock_guard lock(_mutex);
    for (const auto& [key, revocation] : std::exchange(_sent, {}))
        merge(_unpublished, revocation);
}

void PendingRevocations::forgetBefore(std::int64_t instant) {
    const std::lock_guard lock(_mutex);
    const auto isOld = [instant](const auto& each) { return each.second.issuedUpTo < instant; };
    std::erase_if(_unpublished, isOld);
    std::erase_if(_sent, isOld);
}

PendingRevocations::Revocations PendingRevocations::unpublished(std::size_t limit) const {
    const std::lock_guard lock(_mutex);
    Revocations first;
    for (const auto& [key, revocation] : _unpublished) {
        if (first.size() == limit) break;
        first.push_back(revocation);
    }
    return first;
}

std::size_t PendingRevocations::unpublishedCount() const {
    const std::lock_guard lock(_mutex);
    return _unpublished.size();
}

/// Adds it unless there is one that includes it.
void PendingRevocations::merge(Map& map, const security::Revocation& revocation) {
    const auto [place, isNew] = map.try_emplace(revocation.key(), revocation);
    if (!isNew && place->second.issuedUpTo < revocation.issuedUpTo) place->second = revocation;
}

/// Removes what it includes.
void PendingRevocations::settle(Map& map, const security::Revocation& revocation) {
    const auto place = map.find(revocation.key());
    if (place != map.end() && place->second.issuedUpTo <= revocation.issuedUpTo) map.erase(place);
}

}  // namespace changebank::daemon
