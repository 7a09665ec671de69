#include "changebank/security/keys/RefreshSchedule.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::security;
using namespace std::chrono_literals;

namespace {

const Clock::Monotonic start{1000h};

RefreshSchedule::Options options(double jitter = 0.5) {
    RefreshSchedule::Options options;
    options.jitter = [jitter] { return jitter; };
    return options;
}

std::chrono::milliseconds untilNext(const RefreshSchedule& schedule, Clock::Monotonic now) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(schedule.nextRefresh() - now);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RefreshScheduleTest)

BOOST_AUTO_TEST_CASE(theFirstFetchIsDueAtOnce) {
    const RefreshSchedule schedule(options(), start);
    BOOST_TEST((schedule.nextRefresh() == start));
    BOOST_TEST(!schedule.staleAt().has_value());
}

BOOST_AUTO_TEST_CASE(refreshesAheadOfTheAge) {
    RefreshSchedule early(options(0.0), start);
    early.succeeded(start, std::nullopt);
    BOOST_TEST((untilNext(early, start) == 8min));
    RefreshSchedule late(options(1.0), start);
    late.succeeded(start, std::nullopt);
    BOOST_TEST((untilNext(late, start) == 9min));
}

BOOST_AUTO_TEST_CASE(cacheControlCountsBetweenFloorAndCeiling) {
    const auto refreshAfter = [](std::chrono::seconds maxAge) {
        RefreshSchedule schedule(options(0.0), start);
        schedule.succeeded(start, maxAge);
        return untilNext(schedule, start);
    };
    BOOST_TEST((refreshAfter(100s) == 80s));
    BOOST_TEST((refreshAfter(0s) == 24s));
    BOOST_TEST((refreshAfter(29s) == 24s));
    BOOST_TEST((refreshAfter(601s) == 8min));
    BOOST_TEST((refreshAfter(std::chrono::seconds(1L << 62)) == 8min));
    auto patient = options(0.0);
    patient.minAge = 5min;
    RefreshSchedule slow(patient, start);
    slow.succeeded(start, 0s);
    BOOST_TEST((untilNext(slow, start) == 4min));
    auto shortLived = options(0.0);
    shortLived.maxAge = 10s;
    RefreshSchedule schedule(shortLived, start);
    schedule.succeeded(start, 0s);
    BOOST_TEST((untilNext(schedule, start) == 8s));
}

BOOST_AUTO_TEST_CASE(backsOffExponentiallyWithJitter) {
    RefreshSchedule schedule(options(1.0), start);
    schedule.succeeded(start, std::nullopt);
    for (const auto expected : {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 32000ms, 60000ms, 60000ms}) {
        schedule.failed(start);
        BOOST_TEST((untilNext(schedule, start) == expected));
    }
    for (int i = 0; i < 1000; ++i)
        schedule.failed(start);
    BOOST_TEST((untilNext(schedule, start) == 60000ms));
    schedule.succeeded(start, std::nullopt);
    schedule.failed(start);
    BOOST_TEST((untilNext(schedule, start) == 500ms));

    RefreshSchedule jittered(options(0.0), start);
    jittered.succeeded(start, std::nullopt);
    jittered.failed(start);
    BOOST_TEST((untilNext(jittered, start) == 250ms));
}

BOOST_AUTO_TEST_CASE(triesMoreOftenWhileThereAreNoKeys) {
    RefreshSchedule schedule(options(1.0), start);
    for (int i = 0; i < 20; ++i)
        schedule.failed(start);
    BOOST_TEST((untilNext(schedule, start) == 5s));
}

BOOST_AUTO_TEST_CASE(grantsABurstAndThenOneFetchACooldown) {
    RefreshSchedule schedule(options(), start);
    auto now = start;
    for (int i = 0; i < RefreshSchedule::burst; ++i) {
        BOOST_TEST(schedule.grantsTokenFetch(now));
        schedule.spendTokenFetch(now);
    }
    BOOST_TEST(!schedule.grantsTokenFetch(now));
    BOOST_TEST(!schedule.grantsTokenFetch(now + 29'999ms));
    now += 30s;
    BOOST_TEST(schedule.grantsTokenFetch(now));
    schedule.spendTokenFetch(now);
    BOOST_TEST(!schedule.grantsTokenFetch(now + 29s));
    now += 1h;
    for (int i = 0; i < RefreshSchedule::burst; ++i) {
        BOOST_TEST(schedule.grantsTokenFetch(now));
        schedule.spendTokenFetch(now);
    }
    BOOST_TEST(!schedule.grantsTokenFetch(now));
}

// Whatever a flood does, it costs the burst and one fetch a cooldown.
BOOST_AUTO_TEST_CASE(aFloodCostsOneFetchACooldown) {
    RefreshSchedule schedule(options(), start);
    int fetches = 0;
    for (auto now = start; now < start + 10min; now += 10ms) {
        if (!schedule.grantsTokenFetch(now)) continue;
        schedule.spendTokenFetch(now);
        ++fetches;
    }
    BOOST_TEST(fetches <= RefreshSchedule::burst + 20);
    BOOST_TEST(fetches >= 20);
}

BOOST_AUTO_TEST_CASE(keysEndWhenTheyAreStale) {
    RefreshSchedule schedule(options(), start);
    schedule.succeeded(start, std::nullopt);
    BOOST_TEST((schedule.staleAt().value() == start + 24h));
    schedule.failed(start + 1h);
    BOOST_TEST((schedule.staleAt().value() == start + 24h));
    schedule.dropped();
    BOOST_TEST(!schedule.staleAt().has_value());
    schedule.restored(start + 48h, 23h);
    BOOST_TEST((schedule.staleAt().value() == start + 49h));
    BOOST_TEST((schedule.nextRefresh() == start + 48h));
    auto none = options();
    none.staleFor = 0ms;
    RefreshSchedule strict(none, start);
    strict.succeeded(start, std::nullopt);
    BOOST_TEST((strict.staleAt().value() == start + 10min));
}

BOOST_AUTO_TEST_CASE(otherOptionsApplyToTheKeysAtHand) {
    RefreshSchedule schedule(options(0.0), start);
    schedule.succeeded(start, 400s);
    BOOST_TEST((untilNext(schedule, start) == 320s));
    auto shorter = options(0.0);
    shorter.maxAge = 5min;
    schedule.reschedule(shorter, start + 1min);
    BOOST_TEST((untilNext(schedule, start) == 4min));
    // A refresh that the new age has overdue comes now and not in the past.
    shorter.maxAge = 1min;
    schedule.reschedule(shorter, start + 2min);
    BOOST_TEST((untilNext(schedule, start) == 2min));
    schedule.reschedule(options(0.0), start + 2min);
    BOOST_TEST((untilNext(schedule, start) == 2min));
}

BOOST_AUTO_TEST_CASE(otherOptionsDoNotHurryAnEndpointThatFails) {
    RefreshSchedule schedule(options(1.0), start);
    schedule.succeeded(start, std::nullopt);
    for (int i = 0; i < 10; ++i)
        schedule.failed(start + 1h);
    auto shorter = options(1.0);
    shorter.maxAge = 1s;
    schedule.reschedule(shorter, start + 1h);
    BOOST_TEST((untilNext(schedule, start + 1h) == 60s));
}

BOOST_AUTO_TEST_CASE(droppedKeysServeAgainWhereTheyAreNotTooOldAnyMore) {
    RefreshSchedule schedule(options(), start);
    schedule.succeeded(start, std::nullopt);
    schedule.failed(start + 24h);
    schedule.dropped();
    BOOST_TEST(!schedule.confirmedAt().has_value());
    auto longer = options();
    longer.staleFor = 25h;
    schedule.reschedule(longer, start + 24h);
    BOOST_TEST((schedule.confirmedAt().value() == start));
    BOOST_TEST((schedule.staleAt().value() == start + 25h));
    schedule.reschedule(options(), start + 24h);
    BOOST_TEST(!schedule.staleAt().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
