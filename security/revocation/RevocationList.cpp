#include "changebank/security/revocation/RevocationList.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <tuple>
#include <utility>

#include "changebank/base/system/RandomBytes.h"

namespace changebank::security {

namespace {

constexpr double never = -std::numeric_limits<double>::infinity();
constexpr int secondsBetweenSweeps = 60;

RevocationTable::Seed randomSeed() {
    RevocationTable::Seed seed;
    std::memcpy(&seed, randomBytes(sizeof(seed)).data(), sizeof(seed));
    return {seed.first | 1U, seed.second | 1U};
}

std::chrono::seconds notNegative(std::chrono::seconds duration) {
    return std::max(duration, std::chrono::seconds(0));
}

void requireNoFault(const Revocation& revocation) {
    if (const auto fault = revocation.fault()) throw Poco::InvalidArgumentException(*fault);
}

/// Latest instant first; what is left is decided by the ids, so that a list reads the same each time.
bool isListedBefore(const Revocation& one, const Revocation& other) {
    const auto idsOf = [](const Revocation& each) {
        return std::tie(each.session, each.user, each.application, each.tenant);
    };
    return one.issuedUpTo != other.issuedUpTo ? one.issuedUpTo > other.issuedUpTo : idsOf(one) < idsOf(other);
}

/// Of the revocations that are added, those that are listed first, up to a limit.
class FirstOfList {
public:
    explicit FirstOfList(std::size_t limit) : _limit(limit) {}

    void add(const Revocation& revocation) {
        if (_limit == 0 || revocation.issuedUpTo < _earliest) return;
        _found.push_back(revocation);
        // Now and then, so that each costs little.
        if (_found.size() / 2 >= _limit) cut();
    }

    std::vector<Revocation> sorted() && {
        std::sort(_found.begin(), _found.end(), isListedBefore);
        if (_found.size() > _limit) _found.resize(_limit);
        return std::move(_found);
    }

private:
    void cut() {
        const auto last = _found.begin() + static_cast<std::ptrdiff_t>(_limit - 1);
        std::nth_element(_found.begin(), last, _found.end(), isListedBefore);
        _earliest = last->issuedUpTo;
        _found.resize(_limit);
    }

    const std::size_t _limit;
    std::vector<Revocation> _found;
    /// None with an earlier instant is among them.
    std::int64_t _earliest = INT64_MIN;
};

}  // namespace

struct RevocationList::Expired {
    std::size_t count = 0;
    std::int64_t latest = 0;
    /// Of those that are left.
    std::int64_t earliestLeft = INT64_MAX;
};

RevocationList::RevocationList(Limits limits, Clock& clock)
    : _clock(clock),
      _capacity(limits.entries),
      _lifetime(notNegative(limits.lifetime)),
      _forgottenUpTo(never),
      _seed(randomSeed()),
      _table(std::make_shared<RevocationTable>(0, _seed)),
      _current(_table) {}

bool RevocationList::isRevoked(const std::vector<RevocationKey>& keys, double issuedAt) const noexcept {
    // The instants are rounded down, so a token with a later fraction of the second may be the older one.
    const double second = std::floor(issuedAt);
    if (!_isEmpty.load(std::memory_order_acquire)) {
        const auto& table = *_current.load();
        for (const auto& key : keys) {
            const auto issuedUpTo = table.find(key);
            if (issuedUpTo && second <= static_cast<double>(*issuedUpTo)) return true;
        }
    }
    // After the look at the table: what is missing there is covered here.
    const double forgotten = _forgottenUpTo.load(std::memory_order_acquire);
    return second <= forgotten && std::isfinite(issuedAt) &&
           forgotten >= static_cast<double>(oldestKept(now())) - secondsBetweenSweeps;
}

RevocationList::Outcome RevocationList::check(const Revocation& revocation) {
    requireNoFault(revocation);
    const auto key = revocation.key();
    const std::lock_guard lock(_mutex);
    return judge(key, revocation.issuedUpTo, now());
}

RevocationList::Outcome RevocationList::add(const Revocation& revocation) {
    requireNoFault(revocation);
    const auto key = revocation.key();
    PackedRevocation texts(revocation);
    const std::lock_guard lock(_mutex);
    const auto time = now();
    const auto outcome = judge(key, revocation.issuedUpTo, time);
    if (outcome != Outcome::added) return outcome;
    if (isSweepDue(time) || _table->used() >= _capacity || !_table->hasRoom()) makeRoom(time);
    _table->set(key, revocation.issuedUpTo, std::move(texts));
    _earliest = std::min(_earliest, revocation.issuedUpTo);
    _isEmpty.store(false, std::memory_order_release);
    return outcome;
}

std::vector<Revocation> RevocationList::find(const std::function<bool(const Revocation&)>& matches,
                                             std::size_t limit) const {
    FirstOfList first(limit);
    {
        const std::lock_guard lock(_mutex);
        const auto oldest = oldestKept(now());
        // Its memory is used again for each.
        Revocation revocation;
        _table->forEach([&](std::int64_t issuedUpTo, const PackedRevocation& texts) {
            if (issuedUpTo < oldest) return;
            revocation.issuedUpTo = issuedUpTo;
            texts.unpack(revocation);
            if (matches(revocation)) first.add(revocation);
        });
    }
    return std::move(first).sorted();
}

void RevocationList::forgetExpired() {
    const std::lock_guard lock(_mutex);
    makeRoom(now());
}

void RevocationList::setLimits(Limits limits) noexcept {
    const std::lock_guard lock(_mutex);
    _capacity = limits.entries;
    _lifetime = notNegative(limits.lifetime);
}

RevocationList::Counters RevocationList::counters() const {
    const std::lock_guard lock(_mutex);
    Counters counters{.entries = _table->used(), .capacity = _capacity, .bytes = _table->bytes()};
    const double forgotten = _forgottenUpTo;
    if (forgotten >= static_cast<double>(oldestKept(now())))
        counters.forgottenUpTo = static_cast<std::int64_t>(forgotten);
    return counters;
}

std::int64_t RevocationList::now() const {
    return static_cast<std::int64_t>(wholeSeconds(_clock.wall()));
}

std::int64_t RevocationList::oldestKept(std::int64_t now) const noexcept {
    return now - _lifetime.load().count();
}

/// Those in the table whose instant is before `oldest`. Looks at each only if there may be one.
RevocationList::Expired RevocationList::expiredBefore(std::int64_t oldest) const {
    Expired expired;
    if (_earliest >= oldest) return expired;
    _table->forEach([&](std::int64_t issuedUpTo, const PackedRevocation&) {
        if (issuedUpTo >= oldest) {
            expired.earliestLeft = std::min(expired.earliestLeft, issuedUpTo);
        } else {
            ++expired.count;
            expired.latest = std::max(expired.latest, issuedUpTo);
        }
    });
    if (expired.count == 0) _earliest = expired.earliestLeft;
    return expired;
}

RevocationList::Outcome RevocationList::outcomeOf(const RevocationKey& key, std::int64_t issuedUpTo,
                                                  std::int64_t oldest) const {
    if (issuedUpTo < oldest) return Outcome::expired;
    if (const auto known = _table->find(key)) return issuedUpTo <= *known ? Outcome::known : Outcome::added;
    const bool isFull =
        _table->used() >= _capacity && _table->used() - expiredBefore(oldest).count >= _capacity;
    return isFull ? Outcome::full : Outcome::added;
}

/// The outcome; one that is not taken in because it has expired is forgotten as those in the table are.
RevocationList::Outcome RevocationList::judge(const RevocationKey& key, std::int64_t issuedUpTo,
                                              std::int64_t now) {
    const auto outcome = outcomeOf(key, issuedUpTo, oldestKept(now));
    if (outcome == Outcome::expired) noteForgotten(issuedUpTo);
    return outcome;
}

void RevocationList::noteForgotten(std::int64_t issuedUpTo) noexcept {
    _forgottenUpTo = std::max(_forgottenUpTo.load(), static_cast<double>(issuedUpTo));
}

/// Also if the clock was set back.
bool RevocationList::isSweepDue(std::int64_t now) const noexcept {
    return now < _lastSweep || now >= _lastSweep + secondsBetweenSweeps;
}

void RevocationList::makeRoom(std::int64_t now) {
    _lastSweep = now;
    const auto oldest = oldestKept(now);
    const auto expired = expiredBefore(oldest);
    if (expired.count > 0 || !_table->hasRoom()) rebuild(expired, oldest);
}

void RevocationList::rebuild(const Expired& expired, std::int64_t oldest) {
    auto next = std::make_shared<RevocationTable>(_table->used() - expired.count + 1, _seed);
    if (expired.count > 0) {
        noteForgotten(expired.latest);
        _earliest = expired.earliestLeft;
    }
    _table->moveTo(*next, oldest);
    _table = std::move(next);
    _current.store(_table);
    _isEmpty.store(_table->used() == 0, std::memory_order_release);
}

}  // namespace changebank::security
