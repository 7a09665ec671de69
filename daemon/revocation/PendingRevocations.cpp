#include "changebank/daemon/revocation/PendingRevocations.h"

#include <algorithm>
#include <utility>

namespace changebank::daemon {

void PendingRevocations::addUnpublished(const Revocations& revocations) {
    const std::lock_guard lock(_mutex);
    for (const auto& revocation : revocations)
        merge(_unpublished, {revocation});
}

PendingRevocations::Attempt PendingRevocations::start(const security::Revocation& revocation) {
    const std::lock_guard lock(_mutex);
    _tried.emplace(++_lastAttempt, revocation);
    return _lastAttempt;
}

void PendingRevocations::setConfirmed(Attempt attempt, Time now) {
    const std::lock_guard lock(_mutex);
    const auto tried = _tried.extract(attempt);
    if (!tried.empty()) keepSent(tried.mapped(), now);
}

bool PendingRevocations::setFailed(Attempt attempt, WhenFailed whenFailed) {
    const std::lock_guard lock(_mutex);
    const auto tried = _tried.extract(attempt);
    if (tried.empty()) return false;
    if (whenFailed == WhenFailed::publishLater) merge(_unpublished, {tried.mapped()});
    return true;
}

void PendingRevocations::setSent(const Revocations& revocations, Time now) {
    const std::lock_guard lock(_mutex);
    for (const auto& revocation : revocations)
        keepSent(revocation, now);
}

void PendingRevocations::keepSent(const security::Revocation& revocation, Time now) {
    settle(_unpublished, revocation);
    merge(_sent, {revocation, now});
}

void PendingRevocations::setRead(const security::Revocation& revocation) {
    const std::lock_guard lock(_mutex);
    settle(_unpublished, revocation);
    settle(_sent, revocation);
    std::erase_if(_tried, [&](const auto& each) {
        return each.second.issuedUpTo <= revocation.issuedUpTo && each.second.key() == revocation.key();
    });
}

void PendingRevocations::setAllUnpublished() {
    setUnpublishedIfSentBefore(Time::max());
}

std::size_t PendingRevocations::setUnpublishedIfSentBefore(Time time) {
    const std::lock_guard lock(_mutex);
    return std::erase_if(_sent, [&](const auto& each) {
        if (each.second.since >= time) return false;
        merge(_unpublished, each.second);
        return true;
    });
}

void PendingRevocations::forgetBefore(std::int64_t instant) {
    const std::lock_guard lock(_mutex);
    const auto isOld = [instant](const auto& each) { return each.second.revocation.issuedUpTo < instant; };
    std::erase_if(_unpublished, isOld);
    std::erase_if(_sent, isOld);
}

bool PendingRevocations::wasSomeSentBefore(Time time) const {
    const std::lock_guard lock(_mutex);
    return std::any_of(_sent.begin(), _sent.end(),
                       [time](const auto& each) { return each.second.since < time; });
}

PendingRevocations::Revocations PendingRevocations::unpublished(std::size_t limit) const {
    const std::lock_guard lock(_mutex);
    Revocations first;
    for (const auto& [key, pending] : _unpublished) {
        if (first.size() == limit) break;
        first.push_back(pending.revocation);
    }
    return first;
}

std::size_t PendingRevocations::unpublishedCount() const {
    const std::lock_guard lock(_mutex);
    return _unpublished.size();
}

/// Adds it unless there is one that includes it.
void PendingRevocations::merge(Map& map, const Pending& pending) {
    const auto [place, isNew] = map.try_emplace(pending.revocation.key(), pending);
    if (!isNew && place->second.revocation.issuedUpTo < pending.revocation.issuedUpTo)
        place->second = pending;
}

/// Removes what it includes.
void PendingRevocations::settle(Map& map, const security::Revocation& revocation) {
    const auto place = map.find(revocation.key());
    if (place != map.end() && place->second.revocation.issuedUpTo <= revocation.issuedUpTo) map.erase(place);
}

}  // namespace changebank::daemon
