#include "changebank/security/revocation/RevocationList.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/Eventually.h"
#include "tests/support/LockCount.h"
#include "tests/support/ManualClock.h"
#include "tests/support/OnlyIf.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;
using namespace std::chrono_literals;
using Outcome = RevocationList::Outcome;

namespace changebank::security {

std::ostream& operator<<(std::ostream& stream, Outcome outcome) {
    constexpr std::array names{"added", "known", "expired", "full"};
    return stream << names.at(static_cast<std::size_t>(outcome));
}

}  // namespace changebank::security

namespace {

constexpr std::int64_t now = 1'790'000'000;
constexpr double noIssuedAt = -std::numeric_limits<double>::infinity();

Revocation ofUser(const std::string& user, std::int64_t issuedUpTo = now) {
    return {.user = user, .issuedUpTo = issuedUpTo};
}

Revocation ofUser(std::size_t number, std::int64_t issuedUpTo = now) {
    return ofUser(std::to_string(number), issuedUpTo);
}

bool all(const Revocation&) {
    return true;
}

struct Fixture {
    ManualClock clock;
    RevocationList list{{.entries = 1000, .lifetime = 3600s}, clock};

    bool isRevoked(const std::string& user, double issuedAt = now) const {
        return list.isRevoked({revocationKeyOfUser(user)}, issuedAt);
    }

    std::vector<std::string> usersFound(std::size_t limit = SIZE_MAX) const {
        std::vector<std::string> users;
        for (const auto& revocation : list.find(all, limit))
            users.push_back(revocation.user);
        return users;
    }
};

using Names = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(RevocationListTest, Fixture)

BOOST_AUTO_TEST_CASE(anEmptyListRevokesNothing) {
    for (const double issuedAt : {noIssuedAt, -1.0, 0.0, static_cast<double>(now), 1e300}) {
        BOOST_TEST(!isRevoked("u", issuedAt));
        BOOST_TEST(!list.isRevoked({}, issuedAt));
    }
    BOOST_TEST(usersFound().empty());
    BOOST_TEST(list.counters().entries == 0U);
    BOOST_TEST(list.counters().capacity == 1000U);
}

BOOST_AUTO_TEST_CASE(aTokenThatWasIssuedAfterTheInstantPasses) {
    BOOST_TEST(list.add(ofUser("u", now - 100)) == Outcome::added);
    // An instant is rounded down: the whole second counts.
    for (const double revoked :
         {noIssuedAt, -5.0, 0.0, now - 101.0, now - 100.5, now - 100.0, now - 99.5, now - 99.001})
        BOOST_TEST(isRevoked("u", revoked), revoked);
    for (const double good :
         {now - 99.0, now - 98.5, static_cast<double>(now), std::numeric_limits<double>::infinity()})
        BOOST_TEST(!isRevoked("u", good), good);
    BOOST_TEST(!isRevoked("U", noIssuedAt));
    BOOST_TEST(!list.isRevoked({}, noIssuedAt));
}

BOOST_AUTO_TEST_CASE(anyOfTheKeysIsEnough) {
    list.add({.session = "s", .issuedUpTo = now});
    const auto session = revocationKeyOfSession("s");
    const auto other = revocationKeyOfUser("s");
    BOOST_TEST(list.isRevoked({session, other}, now));
    BOOST_TEST(list.isRevoked({other, session}, now));
    BOOST_TEST(!list.isRevoked({other, other}, now));
    // The later instant counts, whichever key has it.
    list.add(ofUser("s", now + 10));
    BOOST_TEST(list.isRevoked({session, other}, now + 10));
    BOOST_TEST(list.isRevoked({other, session}, now + 10));
}

BOOST_AUTO_TEST_CASE(ofTwoForTheSameTokensTheLaterInstantCounts) {
    auto revocation = ofUser("u", now - 10);
    revocation.reason = "first";
    BOOST_TEST(list.add(revocation) == Outcome::added);
    BOOST_TEST(list.add(revocation) == Outcome::known);
    BOOST_TEST(list.add(ofUser("u", now - 11)) == Outcome::known);
    BOOST_TEST((list.find(all, 10) == std::vector{revocation}));
    revocation.issuedUpTo = now;
    revocation.reason = "second, which is longer";
    BOOST_TEST(list.check(revocation) == Outcome::added);
    BOOST_TEST(!isRevoked("u"));
    BOOST_TEST(list.add(revocation) == Outcome::added);
    BOOST_TEST(isRevoked("u"));
    BOOST_TEST((list.find(all, 10) == std::vector{revocation}));
    BOOST_TEST(list.counters().entries == 1U);
}

BOOST_AUTO_TEST_CASE(checkSaysWhatAddWouldAndAddsNothing) {
    RevocationList small({.entries = 1, .lifetime = 3600s}, clock);
    BOOST_TEST(small.check(ofUser("u")) == Outcome::added);
    BOOST_TEST(small.counters().entries == 0U);
    BOOST_TEST(!small.isRevoked({revocationKeyOfUser("u")}, now));
    small.add(ofUser("u"));
    BOOST_TEST(small.check(ofUser("u")) == Outcome::known);
    BOOST_TEST(small.check(ofUser("u", now + 1)) == Outcome::added);
    BOOST_TEST(small.check(ofUser("v")) == Outcome::full);
    BOOST_TEST(small.check(ofUser("v", now - 3601)) == Outcome::expired);
    clock.advance(3601s);
    BOOST_TEST(small.check(ofUser("v", now + 10)) == Outcome::added);
    BOOST_TEST(small.counters().entries == 1U);
    BOOST_TEST(small.add(ofUser("v", now + 10)) == Outcome::added);
    BOOST_TEST(small.counters().entries == 1U);
}

BOOST_AUTO_TEST_CASE(oneWithAFaultIsAnErrorOfTheCaller) {
    for (const auto& faulty : {Revocation{}, Revocation{.session = "s", .user = "u"}, ofUser("u", -1),
                               ofUser("u", INT64_MAX), ofUser(std::string(70'000, 'x'))}) {
        BOOST_CHECK_THROW(list.add(faulty), Poco::InvalidArgumentException);
        BOOST_CHECK_THROW(list.check(faulty), Poco::InvalidArgumentException);
    }
    BOOST_TEST(list.counters().entries == 0U);
}

BOOST_AUTO_TEST_CASE(itIsForgottenOnceItsTokensHaveExpired) {
    BOOST_TEST(list.add(ofUser("old", now - 3601)) == Outcome::expired);
    BOOST_TEST(list.add(ofUser("u", now - 3600)) == Outcome::added);
    list.forgetExpired();
    BOOST_TEST(isRevoked("u", now - 3600));
    BOOST_TEST((usersFound() == Names{"u"}));
    clock.advance(999ms);
    list.forgetExpired();
    BOOST_TEST((usersFound() == Names{"u"}));
    clock.advance(1ms);
    BOOST_TEST(usersFound().empty());
    BOOST_TEST(list.counters().entries == 1U);
    list.forgetExpired();
    BOOST_TEST(list.counters().entries == 0U);
    BOOST_TEST(!isRevoked("u"));
    BOOST_TEST(list.add(ofUser("u", now - 3600)) == Outcome::expired);
    BOOST_TEST(list.add(ofUser("u", now)) == Outcome::added);
}

BOOST_AUTO_TEST_CASE(oneOfASecondLaterStays) {
    list.add(ofUser("old", now - 3600));
    list.add(ofUser("edge", now - 3599));
    clock.advance(1s);
    list.forgetExpired();
    BOOST_TEST(list.counters().entries == 1U);
    for (const double issuedAt : {noIssuedAt, now - 3600.0, now - 3599.0})
        BOOST_TEST(isRevoked("edge", issuedAt));
    BOOST_TEST(!isRevoked("other", now - 3599));
    BOOST_TEST((usersFound() == Names{"edge"}));
}

BOOST_AUTO_TEST_CASE(oneThatIsRenewedStays) {
    list.add(ofUser("u", now));
    list.add(ofUser("v", now));
    clock.advance(3000s);
    list.add(ofUser("u", now + 3000));
    clock.advance(3000s);
    list.forgetExpired();
    BOOST_TEST((usersFound() == Names{"u"}));
    BOOST_TEST(isRevoked("u", now + 3000));
}

BOOST_AUTO_TEST_CASE(aFullListSaysSoAndForgetsNothing) {
    for (std::size_t i = 0; i < 1000; ++i)
        BOOST_REQUIRE(list.add(ofUser(i)) == Outcome::added);
    for (std::size_t i = 1000; i < 1100; ++i)
        BOOST_TEST(list.add(ofUser(i)) == Outcome::full);
    BOOST_TEST(list.counters().entries == 1000U);
    for (std::size_t i = 0; i < 1100; ++i)
        BOOST_TEST(isRevoked(std::to_string(i)) == (i < 1000));
    // Those that are there may become stricter.
    BOOST_TEST(list.add(ofUser(5, now + 10)) == Outcome::added);
    BOOST_TEST(list.add(ofUser(5, now + 10)) == Outcome::known);
    BOOST_TEST(isRevoked("5", now + 10));
    BOOST_TEST(list.counters().entries == 1000U);
}

BOOST_AUTO_TEST_CASE(expiredOnesMakeRoom) {
    for (std::size_t i = 0; i < 1000; ++i)
        list.add(ofUser(i, now + (i < 400 ? 0 : 100)));
    // No minute has passed since the last look for expired ones, but for the room that is needed.
    clock.advance(3600s);
    list.add(ofUser(400, now + 101));
    clock.advance(1s);
    for (std::size_t i = 1000; i < 1400; ++i)
        BOOST_REQUIRE(list.add(ofUser(i, now + 3601)) == Outcome::added);
    BOOST_TEST(list.add(ofUser(1400, now + 3601)) == Outcome::full);
    BOOST_TEST(list.counters().entries == 1000U);
    for (std::size_t i = 0; i < 1400; ++i)
        BOOST_TEST(isRevoked(std::to_string(i), now + 50) == (i >= 400), i);
}

BOOST_AUTO_TEST_CASE(additionsGiveTheMemoryOfExpiredOnesBack) {
    list.setLimits({.entries = 100'000, .lifetime = 3600s});
    const auto empty = list.counters().bytes;
    for (std::size_t i = 0; i < 20'000; ++i)
        list.add(ofUser(i));
    BOOST_TEST(list.counters().bytes > empty + 20'000 * 32U);
    clock.advance(3601s);
    list.add(ofUser("u", now + 3601));
    BOOST_TEST(list.counters().entries == 1U);
    BOOST_TEST(list.counters().bytes < empty + 100);
}

BOOST_AUTO_TEST_CASE(expiredOnesAreLookedForOnceAMinute) {
    list.add(ofUser("first", now - 3600));
    list.add(ofUser("second", now - 3600));
    clock.advance(59s);
    list.add(ofUser("third"));
    BOOST_TEST(list.counters().entries == 3U);
    clock.advance(1s);
    list.add(ofUser("fourth"));
    BOOST_TEST(list.counters().entries == 2U);
    // Also after the clock was set back.
    list.add(ofUser("fifth", now - 3540));
    clock.advance(-10s);
    list.setLimits({.entries = 1000, .lifetime = 60s});
    list.add(ofUser("sixth"));
    BOOST_TEST(list.counters().entries == 3U);
}

// A token that would be accepted again may have been revoked by one of those that are forgotten.
BOOST_AUTO_TEST_CASE(afterTheClockWasAheadWhatWasForgottenRevokesAllOlderTokens) {
    list.add(ofUser("u", now - 20));
    list.add(ofUser("v", now - 10));
    clock.advance(24h);
    list.forgetExpired();
    clock.advance(-24h);
    BOOST_TEST(list.counters().entries == 0U);
    for (const char* user : {"u", "v", "w"}) {
        BOOST_TEST(isRevoked(user, now - 20));
        BOOST_TEST(isRevoked(user, now - 10));
        BOOST_TEST(!isRevoked(user, now - 9));
    }
    // Nothing was promised for tokens without iat.
    BOOST_TEST(!isRevoked("u", noIssuedAt));
    // Also when the list is not empty, and when less was forgotten since.
    list.add(ofUser("x", now - 15));
    BOOST_TEST(isRevoked("w", now - 10));
    clock.advance(3590s);
    list.forgetExpired();
    BOOST_TEST(list.counters().entries == 0U);
    BOOST_TEST(isRevoked("w", now - 10));
    BOOST_TEST(isRevoked("w", now - 9.5));
    BOOST_TEST(!isRevoked("w", now - 9));
}

BOOST_AUTO_TEST_CASE(whatWasForgottenLapsesWithTheTokens) {
    list.add(ofUser("u", now - 10));
    BOOST_TEST(!list.counters().forgottenUpTo.has_value());
    clock.advance(24h);
    list.forgetExpired();
    // As it is meant to be: the tokens have expired.
    BOOST_TEST(!list.counters().forgottenUpTo.has_value());
    BOOST_TEST(!isRevoked("w", now - 10));
    clock.advance(-24h);
    BOOST_TEST(list.counters().forgottenUpTo.value() == now - 10);
    clock.advance(3590s);
    BOOST_TEST(list.counters().forgottenUpTo.value() == now - 10);
    BOOST_TEST(isRevoked("w", now - 10));
    clock.advance(1s);
    BOOST_TEST(!list.counters().forgottenUpTo.has_value());
    // A token that expires just now has passed the check of its times.
    clock.advance(59s);
    BOOST_TEST(isRevoked("w", now - 10));
    clock.advance(1s);
    BOOST_TEST(!isRevoked("w", now - 10));
    // A longer lifetime lets tokens live that long.
    list.setLimits({.entries = 1000, .lifetime = 7200s});
    BOOST_TEST(isRevoked("w", now - 10));
    BOOST_TEST(list.counters().forgottenUpTo.value() == now - 10);
}

BOOST_AUTO_TEST_CASE(aShorterLifetimeForAWhileDoesNotLetRevokedTokensPass) {
    list.add(ofUser("u", now - 600));
    list.setLimits({.entries = 1000, .lifetime = 60s});
    BOOST_TEST((list.lifetime() == 60s));
    BOOST_TEST(list.check(ofUser("v", now - 601)) == Outcome::expired);
    list.forgetExpired();
    list.setLimits({.entries = 1000, .lifetime = 3600s});
    BOOST_TEST(isRevoked("u", now - 600));
    BOOST_TEST(!isRevoked("u", now - 599));
}

// Its tokens were refused for their long life.
BOOST_AUTO_TEST_CASE(aLongerLifetimeDoesNotReviveWhatHadExpiredWhenItCame) {
    BOOST_TEST(list.add(ofUser("u", now - 9000)) == Outcome::expired);
    BOOST_TEST(!isRevoked("u", now - 9000));
    list.setLimits({.entries = 1000, .lifetime = 24h});
    BOOST_TEST(isRevoked("u", now - 9000));
    BOOST_TEST(!isRevoked("u", now - 8999));
    BOOST_TEST(list.counters().forgottenUpTo.value() == now - 9000);
    list.setLimits({.entries = 1000, .lifetime = 3600s});
    BOOST_TEST(list.check(ofUser("v", now - 8000)) == Outcome::expired);
    // Earlier ones change nothing.
    BOOST_TEST(list.check(ofUser("v", now - 8500)) == Outcome::expired);
    list.setLimits({.entries = 1000, .lifetime = 24h});
    BOOST_TEST(isRevoked("v", now - 8000));
    BOOST_TEST(!isRevoked("v", now - 7999));
}

BOOST_AUTO_TEST_CASE(otherLimitsApplyAtOnce) {
    list.setLimits({.entries = 2, .lifetime = 3600s});
    for (const char* user : {"a", "b"})
        BOOST_TEST(list.add(ofUser(user)) == Outcome::added);
    BOOST_TEST(list.add(ofUser("c")) == Outcome::full);
    list.setLimits({.entries = 3, .lifetime = 3600s});
    BOOST_TEST(list.add(ofUser("c")) == Outcome::added);
    // What is there stays.
    list.setLimits({.entries = 1, .lifetime = 3600s});
    BOOST_TEST(list.counters().capacity == 1U);
    BOOST_TEST(list.add(ofUser("d")) == Outcome::full);
    BOOST_TEST(list.add(ofUser("a", now + 1)) == Outcome::added);
    for (const char* user : {"a", "b", "c"})
        BOOST_TEST(isRevoked(user));
}

BOOST_AUTO_TEST_CASE(limitsMayBeExtreme) {
    RevocationList none({.entries = 0, .lifetime = 3600s}, clock);
    BOOST_TEST(none.add(ofUser("u")) == Outcome::full);
    RevocationList ever({.entries = SIZE_MAX, .lifetime = std::chrono::seconds::max()}, clock);
    BOOST_TEST(ever.add(ofUser("u", 0)) == Outcome::added);
    clock.advance(24h * 365);
    ever.forgetExpired();
    BOOST_TEST(ever.add(ofUser("v", Revocation::latestInstant)) == Outcome::added);
    BOOST_TEST(ever.counters().entries == 2U);
    RevocationList moment({.entries = 10, .lifetime = std::chrono::seconds::min()}, clock);
    BOOST_TEST((moment.lifetime() == 0s));
    BOOST_TEST(moment.add(ofUser("u", now + 24 * 365 * 3600)) == Outcome::added);
    BOOST_TEST(moment.add(ofUser("v", now)) == Outcome::expired);
}

BOOST_AUTO_TEST_CASE(theLatestAreFoundFirst) {
    for (const auto& [user, offset] : {std::pair{"b", 1}, {"e", 5}, {"a", 3}, {"d", 2}, {"c", 3}})
        list.add(ofUser(user, now + offset));
    BOOST_TEST((usersFound() == Names{"e", "a", "c", "d", "b"}));
    BOOST_TEST((usersFound(5) == Names{"e", "a", "c", "d", "b"}));
    BOOST_TEST((usersFound(3) == Names{"e", "a", "c"}));
    BOOST_TEST((usersFound(1) == Names{"e"}));
    BOOST_TEST(usersFound(0).empty());
    // Of those with one instant the first by their ids.
    for (std::size_t i = 199; i >= 100; --i)
        list.add(ofUser(i, now + 10));
    BOOST_TEST((usersFound(3) == Names{"100", "101", "102"}));
}

BOOST_AUTO_TEST_CASE(thoseThatMatchAreFoundWithAllTheirParts) {
    const std::vector<Revocation> added{
        {.application = "a", .tenant = "t", .issuedUpTo = now + 3, .reason = "by hand"},
        {.user = "u", .application = "a", .issuedUpTo = now + 2, .reason = "user.deactivate"},
        {.session = "s", .issuedUpTo = now + 1},
    };
    for (const auto& revocation : added)
        list.add(revocation);
    BOOST_TEST((list.find(all, SIZE_MAX) == added));
    const auto ofA = [](const Revocation& revocation) { return revocation.application == "a"; };
    BOOST_TEST((list.find(ofA, SIZE_MAX) == std::vector{added[0], added[1]}));
    BOOST_TEST((list.find(ofA, 1) == std::vector{added[0]}));
    // Those that do not match count for nothing.
    const auto ofS = [](const Revocation& revocation) { return revocation.session == "s"; };
    BOOST_TEST((list.find(ofS, 1) == std::vector{added[2]}));
}

// Callers count with it.
BOOST_AUTO_TEST_CASE(findAsksOnceForEachWhateverTheLimit) {
    for (std::size_t i = 0; i < 1000; ++i)
        list.add(ofUser(i, now + static_cast<std::int64_t>(i * 7919 % 1000)));
    for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{100}, SIZE_MAX}) {
        std::multiset<std::string> asked;
        const auto found = list.find(
            [&asked](const Revocation& revocation) {
                asked.insert(revocation.user);
                return true;
            },
            limit);
        BOOST_TEST(found.size() == std::min<std::size_t>(limit, 1000));
        BOOST_TEST(asked.size() == 1000U);
        BOOST_TEST(std::set(asked.begin(), asked.end()).size() == 1000U);
    }
}

BOOST_AUTO_TEST_CASE(findReturnsAllOfMany) {
    list.setLimits({.entries = 100'000, .lifetime = 3600s});
    for (std::size_t i = 0; i < 5000; ++i)
        list.add(ofUser(i, now + static_cast<std::int64_t>(i * 7919 % 5000)));
    const auto found = list.find(all, SIZE_MAX);
    BOOST_REQUIRE(found.size() == 5000U);
    for (std::size_t i = 0; i < found.size(); ++i)
        BOOST_REQUIRE(found[i].issuedUpTo == now + 4999 - static_cast<std::int64_t>(i));
    const auto some = list.find(all, 100);
    BOOST_TEST((some == std::vector(found.begin(), found.begin() + 100)));
}

BOOST_AUTO_TEST_CASE(availabilityIsSeparate) {
    BOOST_TEST(list.isAvailable());
    list.setAvailable(false);
    BOOST_TEST(!list.isAvailable());
    list.add(ofUser("u"));
    BOOST_TEST(isRevoked("u"));
    list.setAvailable(true);
    BOOST_TEST(list.isAvailable());
}

// Room for a million on one machine: docs/operation.md.
BOOST_AUTO_TEST_CASE(anEntryTakesAtMost250Bytes) {
    list.setLimits({.entries = 1'000'000, .lifetime = 3600s});
    const std::string tail = "-9173-4e01-9d73-ac2d60d1dc8e";
    std::size_t most = 0;
    for (std::size_t i = 1; i <= 50'000; ++i) {
        const auto revocation = Revocation{
            .user = std::to_string(10'000'000 + i) + tail, .issuedUpTo = now, .reason = "user.deactivate"};
        list.add(revocation);
        if (i > 100) most = std::max(most, list.counters().bytes / i);
    }
    BOOST_TEST(most <= 250U);
    BOOST_TEST(most >= 36 + 32U);
}

BOOST_AUTO_TEST_CASE(lookUpsTakeNoLock,
                     *onlyIf(LockCount::isCounting, "sanitizers have locks of their own")) {
    for (std::size_t i = 0; i < 100; ++i)
        list.add(ofUser(i));
    const std::vector keys{revocationKeyOfUser("5"), revocationKeyOfUser("no")};
    // The first one fetches the table.
    bool isCorrect = list.isRevoked(keys, now);
    LockCount::includeThisThread();
    const auto locks = LockCount::now();
    for (int i = 0; i < 1000; ++i)
        isCorrect =
            isCorrect && list.isRevoked(keys, now) && !list.isRevoked(keys, now + 1) && list.isAvailable();
    BOOST_TEST(LockCount::now() == locks);
    BOOST_TEST(isCorrect);
}

/// Threads that look up until they are told to stop, and count what is wrong. They are at work when it is
/// made.
class Readers {
public:
    explicit Readers(const std::function<bool(std::size_t round)>& isRight) {
        for (std::size_t thread = 0; thread < 3; ++thread) {
            _threads.emplace_back([this, thread, isRight] {
                for (std::size_t round = thread; !_stopping; round += 3) {
                    if (!isRight(round)) ++_wrong;
                    ++_rounds;
                }
            });
        }
        eventually([this] { return _rounds > 100; });
    }
    /// How many look-ups were wrong; -1 if there were none at all.
    long stop() {
        _stopping = true;
        for (auto& thread : _threads)
            thread.join();
        return _rounds == 0 ? -1 : _wrong.load();
    }

private:
    std::atomic<bool> _stopping{false};
    std::atomic<long> _wrong{0};
    std::atomic<long> _rounds{0};
    std::vector<std::thread> _threads;
};

BOOST_AUTO_TEST_CASE(whatWasAddedIsSeenWhileTheTableGrows) {
    constexpr std::size_t count = 20'000;
    list.setLimits({.entries = count, .lifetime = 3600s});
    std::vector<RevocationKey> keys;
    for (std::size_t i = 0; i < 2 * count; ++i)
        keys.push_back(revocationKeyOfUser(std::to_string(i)));
    std::atomic<std::size_t> added{0};
    Readers readers([&](std::size_t round) {
        // Those of the second half are never added.
        const auto none = count + round * 7919 % count;
        if (list.isRevoked({keys[none]}, now)) return false;
        const std::size_t known = added;
        if (known == 0) return true;
        const auto some = round * 7919 % known;
        return list.isRevoked({keys[none], keys[some]}, now) && list.isRevoked({keys[known - 1]}, now) &&
               !list.isRevoked({keys[some]}, now + 1);
    });
    for (std::size_t i = 0; i < count; ++i) {
        list.add(ofUser(i));
        added = i + 1;
    }
    BOOST_TEST(readers.stop() == 0);
    BOOST_TEST(list.counters().entries == count);
}

BOOST_AUTO_TEST_CASE(whatIsLeftIsSeenWhileOthersAreForgotten) {
    constexpr std::size_t count = 2000;
    list.setLimits({.entries = 10 * count, .lifetime = 3600s});
    std::vector<RevocationKey> keys;
    for (std::size_t i = 0; i < count; ++i) {
        list.add(ofUser(i, now + 1'000'000));
        keys.push_back(revocationKeyOfUser(std::to_string(i)));
    }
    const auto never = revocationKeyOfUser("never");
    Readers readers([&](std::size_t round) {
        return list.isRevoked({never, keys[round % count]}, now + 1'000'000) &&
               !list.isRevoked({never}, now + 1'000'000);
    });
    for (int i = 0; i < 50; ++i) {
        const auto time = now + i * 4000;
        for (std::size_t other = 0; other < 100; ++other)
            list.add(ofUser("other " + std::to_string(i) + " " + std::to_string(other), time));
        clock.advance(4000s);
    }
    list.forgetExpired();
    BOOST_TEST(readers.stop() == 0);
    BOOST_TEST(list.counters().entries == count);
}

BOOST_AUTO_TEST_CASE(anInstantNeverGoesBack) {
    const std::vector keys{revocationKeyOfUser("u")};
    list.add(ofUser("u", now));
    std::atomic<std::int64_t> latest{now};
    Readers readers([&](std::size_t) {
        const auto known = static_cast<double>(latest);
        return list.isRevoked(keys, known);
    });
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 2; ++writer) {
        writers.emplace_back([this, writer, &latest] {
            for (std::int64_t i = 0; i < 3000; ++i) {
                const auto instant = now + (writer == 0 ? i : 3000 - i);
                list.add(ofUser("u", instant));
                auto known = latest.load();
                while (known < instant && !latest.compare_exchange_weak(known, instant)) {
                }
            }
        });
    }
    for (auto& writer : writers)
        writer.join();
    BOOST_TEST(readers.stop() == 0);
    BOOST_TEST((list.find(all, 10) == std::vector{ofUser("u", now + 3000)}));
}

BOOST_AUTO_TEST_SUITE_END()
