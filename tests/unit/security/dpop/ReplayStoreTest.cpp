#include "changebank/security/dpop/ReplayStore.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>
#include <vector>

using namespace changebank::security;
using Outcome = ReplayStore::Outcome;

namespace changebank::security {

std::ostream& operator<<(std::ostream& stream, Outcome outcome) {
    return stream << static_cast<int>(outcome);
}

}  // namespace changebank::security

namespace {

constexpr double now = 1'790'000'000;
constexpr double window = 75;
constexpr ReplayStore::Limits roomy{100'000, 50'000};

ReplayStore::Use useOf(std::string_view id, double issuedAt = now) {
    return {"key", "GET", "https://api.example.com/things", id, issuedAt, "caller"};
}

Outcome insert(ReplayStore& store, const ReplayStore::Use& use, double at = now) {
    return store.insert(use, at - window);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ReplayStoreTest)

BOOST_AUTO_TEST_CASE(aProofIsUsedOnce) {
    ReplayStore store(roomy, 0);
    BOOST_TEST(insert(store, useOf("a")) == Outcome::inserted);
    BOOST_TEST(insert(store, useOf("a")) == Outcome::replayed);
    BOOST_TEST(insert(store, useOf("a"), now + window) == Outcome::replayed);
    BOOST_TEST(insert(store, useOf("b")) == Outcome::inserted);
    BOOST_TEST(store.counters().entries == 2U);
}

// RFC 9449 section 11.1: a jti is unique for a key and a target alone.
BOOST_AUTO_TEST_CASE(keyMethodAndUriTellUsesApart) {
    ReplayStore store(roomy, 0);
    BOOST_TEST(insert(store, {"key", "GET", "https://a/x", "a", now, "caller"}) == Outcome::inserted);
    BOOST_TEST(insert(store, {"kez", "GET", "https://a/x", "a", now, "caller"}) == Outcome::inserted);
    BOOST_TEST(insert(store, {"key", "POST", "https://a/x", "a", now, "caller"}) == Outcome::inserted);
    BOOST_TEST(insert(store, {"key", "GET", "https://a/y", "a", now, "caller"}) == Outcome::inserted);
    // Where one part ends and the next begins counts.
    BOOST_TEST(insert(store, {"keyG", "ET", "https://a/x", "a", now, "caller"}) == Outcome::inserted);
    BOOST_TEST(insert(store, {"key", "GET", "https://a/", "xa", now, "caller"}) == Outcome::inserted);
}

BOOST_AUTO_TEST_CASE(usesAreForgottenOnceTheirProofsAreTooOld) {
    ReplayStore store(roomy, 0);
    for (int i = 0; i < 5000; ++i)
        insert(store, useOf(std::to_string(i)));
    BOOST_TEST(store.counters().entries == 5000U);
    const auto later = now + window + 16;
    for (int i = 0; i < 5000; ++i)
        BOOST_REQUIRE(insert(store, useOf("later " + std::to_string(i), later), later) == Outcome::inserted);
    BOOST_TEST(store.counters().entries == 5000U);
}

BOOST_AUTO_TEST_CASE(whatMayBeForgottenIsNotAccepted) {
    ReplayStore store(roomy, now);
    // Before the store knew anything.
    BOOST_TEST(insert(store, useOf("a", now - 1)) == Outcome::forgotten);
    BOOST_TEST(insert(store, useOf("a", now)) == Outcome::inserted);
    // Thrown out; then the clock is set back, or a reload accepts older proofs.
    const auto later = now + 1000;
    for (int i = 0; i < 1000; ++i)
        insert(store, useOf(std::to_string(i), later), later);
    BOOST_TEST(insert(store, useOf("a", now)) == Outcome::forgotten);
    BOOST_TEST(store.insert(useOf("a", now), later - 100'000) == Outcome::forgotten);
}

// Of a machine whose clock was ahead.
BOOST_AUTO_TEST_CASE(afterTheClockWasSetBackNewProofsAreAccepted) {
    ReplayStore store(roomy, now);
    for (int i = 0; i < 2000; ++i)
        insert(store, useOf(std::to_string(i), now + i), now + i);
    const auto back = now - 3600;
    BOOST_TEST(insert(store, useOf("a", back), back) == Outcome::inserted);
    BOOST_TEST(insert(store, useOf("a", back), back) == Outcome::replayed);
    // Those of the first time stay used up.
    for (int i = 0; i < 2000; ++i)
        BOOST_REQUIRE(insert(store, useOf(std::to_string(i), now + i), now + i) != Outcome::inserted);
}

BOOST_AUTO_TEST_CASE(aFullStoreForgetsNothingThatMayBeUsed) {
    ReplayStore store({6400, 6400}, 0);
    int inserted = 0;
    int full = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto id = std::to_string(i);
        const auto outcome = store.insert({id, "GET", "https://a/", id, now, id}, now - window);
        inserted += outcome == Outcome::inserted ? 1 : 0;
        full += outcome == Outcome::full ? 1 : 0;
    }
    BOOST_TEST(inserted == 6400);
    BOOST_TEST(full == 20'000 - 6400);
    const auto counters = store.counters();
    BOOST_TEST(counters.entries == 6400U);
    BOOST_TEST(counters.capacity == 6400U);
    BOOST_TEST(store.insert({"0", "GET", "https://a/", "0", now, "caller"}, now - window) ==
               Outcome::replayed);
    // Once the time of those has passed, there is room again.
    BOOST_TEST(store.insert({"x", "GET", "https://a/", "x", now + 200, "caller"}, now + 200 - window) ==
               Outcome::inserted);
}

BOOST_AUTO_TEST_CASE(usesOfThePastTakeNoRoom) {
    ReplayStore store({64, 64}, 0);
    for (int i = 0; i < 1000; ++i)
        insert(store, useOf(std::to_string(i)));
    const auto later = now + 200;
    int inserted = 0;
    for (int i = 0; i < 1000; ++i)
        inserted +=
            insert(store, useOf("later " + std::to_string(i), later), later) == Outcome::inserted ? 1 : 0;
    BOOST_TEST(inserted == 64);
    BOOST_TEST(store.counters().entries == 64U);
}

BOOST_AUTO_TEST_CASE(oneCallerCannotFillTheStore) {
    ReplayStore store({64'000, 6400}, 0);
    int inserted = 0;
    for (int i = 0; i < 20'000; ++i) {
        inserted += insert(store, useOf(std::to_string(i))) == Outcome::inserted ? 1 : 0;
        // Each part of the store counts its own, so it is hardly ever before the limit.
        if (i == 5000) BOOST_TEST(inserted == 5001);
    }
    BOOST_TEST(inserted > 6400);
    BOOST_TEST(inserted <= 6400 + 32 * 80);
    BOOST_TEST(insert(store, useOf("one more")) == Outcome::callerFull);
    BOOST_TEST(insert(store, useOf("0")) == Outcome::replayed);
    int others = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto other = "other " + std::to_string(i);
        others += insert(store, {"key", "GET", "https://a/", other, now, other}) == Outcome::inserted ? 1 : 0;
    }
    BOOST_TEST(others == 1000);
}

BOOST_AUTO_TEST_CASE(itsSizeIsBounded) {
    ReplayStore store({64'000, 64'000}, 0);
    for (int i = 0; i < 100'000; ++i) {
        const auto id = std::to_string(i);
        insert(store, {id, "GET", "https://a/", id, now + i % 60, id}, now + 60);
    }
    const auto counters = store.counters();
    BOOST_TEST(counters.entries == 64'000U);
    constexpr std::size_t spans = 5;
    BOOST_TEST(counters.bytes <=
               counters.entries * ReplayStore::bytesPerEntry + spans * ReplayStore::baseBytes);
}

BOOST_AUTO_TEST_CASE(otherLimitsApplyAtOnce) {
    ReplayStore store({64, 64}, 0);
    int inserted = 0;
    for (int i = 0; i < 1000; ++i)
        inserted += insert(store, useOf(std::to_string(i))) == Outcome::inserted ? 1 : 0;
    BOOST_TEST(inserted == 64);
    store.setLimits({64'000, 64'000});
    BOOST_TEST(insert(store, useOf("more")) == Outcome::inserted);
    BOOST_TEST(insert(store, useOf("0")) == Outcome::replayed);
}

BOOST_AUTO_TEST_CASE(ofThreadsWithOneProofOneUsesIt) {
    ReplayStore store(roomy, 0);
    constexpr int rounds = 500;
    std::vector<std::atomic<int>> winners(rounds);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < rounds; ++i) {
                if (insert(store, useOf(std::to_string(i))) == Outcome::inserted)
                    ++winners[static_cast<std::size_t>(i)];
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    for (const auto& winner : winners)
        BOOST_TEST(winner == 1);
}

BOOST_AUTO_TEST_SUITE_END()
