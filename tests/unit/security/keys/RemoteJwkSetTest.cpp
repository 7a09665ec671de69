#include "changebank/security/keys/RemoteJwkSet.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <new>
#include <thread>
#include <utility>

#include "tests/support/Eventually.h"
#include "tests/support/LockCount.h"
#include "tests/support/ManualClock.h"
#include "tests/support/OnlyIf.h"
#include "tests/support/ScriptedJwksFetcher.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

const TestKey& rsa() {
    return TestKey::shared(KeyFamily::rsa);
}

std::string documentWith(const std::string& keyId) {
    return keySetOf({rsa().jwk(R"("kid":")" + keyId + "\"")});
}

/// A remote key set on a clock that stands still and an endpoint that does what a test says.
struct Fixture {
    Fixture() {
        options.schedule.jitter = [] { return 0.0; };
    }

    RemoteJwkSet& start() {
        options.observer = [this](const RemoteJwkSet::Event& event) {
            const std::lock_guard lock(mutex);
            events.push_back(event);
            changed.notify_all();
        };
        keys = std::make_unique<RemoteJwkSet>(options, std::make_unique<ScriptedJwksFetcher>(script), clock);
        keys->start();
        return *keys;
    }

    /// Waits until that many events of an outcome have been reported.
    void waitFor(RemoteJwkSet::Event::Outcome outcome, int count = 1) {
        std::unique_lock lock(mutex);
        const bool came = changed.wait_for(lock, 30s, [&] {
            return std::count_if(events.begin(), events.end(),
                                 [&](const auto& event) { return event.outcome == outcome; }) >= count;
        });
        BOOST_REQUIRE_MESSAGE(came, "no such event");
    }

    bool hasKey(const std::string& keyId) const {
        const auto snapshot = keys->current();
        return snapshot->keys &&
               std::holds_alternative<const JsonWebKey*>(snapshot->keys->select(Algorithm::rs256, keyId));
    }

    std::shared_ptr<FetchScript> script = std::make_shared<FetchScript>();
    ManualClock clock;
    RemoteJwkSet::Options options;
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<RemoteJwkSet::Event> events;
    std::unique_ptr<RemoteJwkSet> keys;
};

using Outcome = RemoteJwkSet::Event::Outcome;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(RemoteJwkSetTest, Fixture)

BOOST_AUTO_TEST_CASE(fetchesAtOnceAndServes) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    BOOST_TEST(hasKey("k1"));
    const auto status = keys->status();
    BOOST_TEST(status.generation == 1U);
    BOOST_TEST(status.replaced == 1U);
    BOOST_TEST(status.lastError.empty());
    BOOST_TEST((status.age.value() == 0ms));
    BOOST_TEST((status.nextRefresh == 8min));
    BOOST_TEST(!script->lastWasForced());
}

BOOST_AUTO_TEST_CASE(isReadWithoutALock, *changebank::tests::onlyIf(LockCount::isCounting,
                                                                    "sanitizers have locks of their own")) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    LockCount::includeThisThread();
    BOOST_TEST(keys->current()->generation == 1U);
    const auto before = LockCount::now();
    BOOST_TEST(keys->generation() == 1U);
    BOOST_TEST(keys->current()->generation == 1U);
    BOOST_TEST(LockCount::now() == before);
}

BOOST_AUTO_TEST_CASE(refreshesAheadOfItsAgeInTheBackground) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    script->answerDocument(documentWith("k2"));
    clock.advance(8min - 1ms);
    BOOST_TEST(script->begun() == 1U);
    clock.advance(1ms);
    waitFor(Outcome::replaced, 2);
    BOOST_TEST(hasKey("k2"));
    // A key that vanished from the set stops working.
    BOOST_TEST(!hasKey("k1"));
    BOOST_TEST(keys->current()->generation == 2U);
}

BOOST_AUTO_TEST_CASE(confirmedKeysKeepTheirGeneration) {
    script->answerDocument(documentWith("k1"), "\"v1\"");
    start();
    waitFor(Outcome::replaced);
    script->answer(FetchedKeys{true, {}, {}, std::nullopt});
    clock.advance(8min);
    waitFor(Outcome::confirmed);
    BOOST_TEST(script->lastEntityTag() == "\"v1\"");
    BOOST_TEST(keys->current()->generation == 1U);
    script->answerDocument(documentWith("k1"), "\"v2\"");
    clock.advance(8min);
    waitFor(Outcome::confirmed, 2);
    BOOST_TEST(keys->current()->generation == 1U);
    BOOST_TEST(keys->status().confirmed == 2U);
    BOOST_TEST(hasKey("k1"));
}

BOOST_AUTO_TEST_CASE(cacheControlIsHonoured) {
    script->answerDocument(documentWith("k1"), {}, 100s);
    start();
    waitFor(Outcome::replaced);
    BOOST_TEST((keys->status().nextRefresh == 80s));
}

// A body that is empty, not JSON, without keys or without a usable one; a failure of any kind.
BOOST_AUTO_TEST_CASE(noBadAnswerReplacesAGoodSet) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    int failures = 0;
    for (const std::string& body :
         {std::string(), std::string("<html></html>"), std::string("{}"), std::string(R"({"keys":[]})"),
          std::string(R"({"keys":[{"kty":"oct","k":"AAAA"}]})"), std::string(200'000, '[')}) {
        script->answerDocument(body);
        clock.advance(10min);
        waitFor(Outcome::failed, ++failures);
        BOOST_TEST(hasKey("k1"), body.substr(0, 40));
        BOOST_TEST(!keys->status().lastError.empty());
    }
    script->answer(FetchFailure{Cause::keysTimedOut, "no response within 5000 ms"});
    clock.advance(10min);
    waitFor(Outcome::failed, ++failures);
    BOOST_TEST(hasKey("k1"));
    BOOST_TEST(keys->status().lastError == "no response within 5000 ms");
    BOOST_TEST(keys->status().failed == static_cast<std::uint64_t>(failures));
    BOOST_TEST(keys->current()->generation == 1U);
}

BOOST_AUTO_TEST_CASE(oldKeysServeForTheirTimeAndThenNoLonger) {
    options.schedule.staleFor = 1h;
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    script->fail(Cause::keysTimedOut, "late");
    clock.advance(59min);
    waitFor(Outcome::failed);
    BOOST_TEST(hasKey("k1"));
    clock.advance(1min);
    waitFor(Outcome::dropped);
    BOOST_TEST(keys->current()->keys == nullptr);
    BOOST_TEST((keys->current()->cause == Cause::keysTimedOut));
    BOOST_TEST(keys->current()->generation == 2U);
    script->answerDocument(documentWith("k1"));
    clock.advance(1min);
    waitFor(Outcome::replaced, 2);
    BOOST_TEST(hasKey("k1"));
    BOOST_TEST(keys->current()->generation == 3U);
}

BOOST_AUTO_TEST_CASE(keysThatAreDroppedLeaveTheCauseOfTheLastFailureAndNoEntityTag) {
    options.schedule.staleFor = 1h;
    script->answerDocument(documentWith("k1"), "\"v1\"");
    start();
    waitFor(Outcome::replaced);
    script->fail(Cause::keysTimedOut, "late");
    clock.advance(1h - 100ms);
    waitFor(Outcome::failed);
    BOOST_TEST(script->lastEntityTag() == "\"v1\"");
    // Too old, but before the next attempt is due.
    clock.advance(100ms);
    waitFor(Outcome::dropped);
    BOOST_TEST((keys->current()->cause == Cause::keysTimedOut));
    clock.advance(1s);
    waitFor(Outcome::failed, 2);
    BOOST_TEST(script->lastEntityTag().empty());
}

BOOST_AUTO_TEST_CASE(whoComesTooEarlyIsToldToWaitForASecondAtLeast) {
    script->hold();
    start();
    BOOST_TEST(script->waitForBegun(1));
    BOOST_TEST((keys->status().nextRefresh == 0ms));
    BOOST_TEST((keys->retryAfter() == 1s));
    script->release();
}

BOOST_AUTO_TEST_CASE(recoversByItselfFromAColdStartWithoutTheEndpoint) {
    script->fail(Cause::keysUnreachable, "connection refused");
    start();
    waitFor(Outcome::failed);
    BOOST_TEST(keys->current()->keys == nullptr);
    BOOST_TEST((keys->current()->cause == Cause::keysUnreachable));
    BOOST_TEST((keys->retryAfter() == 1s));
    BOOST_TEST(keys->status().lastError == "connection refused");
    script->answerDocument(documentWith("k1"));
    clock.advance(5s);
    waitFor(Outcome::replaced);
    BOOST_TEST(hasKey("k1"));
    BOOST_TEST(keys->status().lastError.empty());
}

BOOST_AUTO_TEST_CASE(anUnknownKeyFetchesAtOnceEvenRightAfterAFetch) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    script->answerDocument(documentWith("k2"));
    BOOST_TEST(keys->mayRefetch(FetchReason::keyMissing));
    const auto snapshot = keys->refetch(FetchReason::keyMissing, keys->generation());
    BOOST_TEST(std::holds_alternative<const JsonWebKey*>(snapshot->keys->select(Algorithm::rs256, "k2")));
    BOOST_TEST(script->lastWasForced());
    script->answerDocument(documentWith("k3"));
    keys->refetch(FetchReason::keyMissing, keys->generation());
    BOOST_TEST(hasKey("k3"));
    BOOST_TEST(script->begun() == 3U);
}

BOOST_AUTO_TEST_CASE(aFloodOfUnknownKeysCostsOneFetchACooldown) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    const auto flood = [this] {
        for (int i = 0; i < 10'000; ++i) {
            if (keys->mayRefetch(FetchReason::keyMissing))
                keys->refetch(FetchReason::keyMissing, keys->generation());
        }
    };
    flood();
    BOOST_TEST(script->begun() == 1U + RefreshSchedule::burst);
    clock.advance(29s);
    flood();
    BOOST_TEST(script->begun() == 1U + RefreshSchedule::burst);
    clock.advance(1s);
    script->answerDocument(documentWith("new"));
    flood();
    BOOST_TEST(script->begun() == 2U + RefreshSchedule::burst);
    // A really new key waited no longer than the cooldown.
    BOOST_TEST(hasKey("new"));
}

BOOST_AUTO_TEST_CASE(oneFetchAtATimeHoweverManyAsk) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    script->answerDocument(documentWith("k2"));
    script->hold();
    const auto seen = keys->generation();
    std::vector<std::thread> callers;
    std::atomic<int> served{0};
    for (int i = 0; i < 20; ++i) {
        callers.emplace_back([&] {
            const auto snapshot = keys->refetch(FetchReason::keyMissing, seen);
            if (std::holds_alternative<const JsonWebKey*>(snapshot->keys->select(Algorithm::rs256, "k2")))
                ++served;
        });
    }
    BOOST_TEST(script->waitForBegun(2));
    BOOST_TEST(keys->status().fetching);
    script->release();
    for (auto& caller : callers)
        caller.join();
    BOOST_TEST(served == 20);
    BOOST_TEST(script->begun() == 2U);
}

BOOST_AUTO_TEST_CASE(whoJudgedByFormerKeysCausesNoFetch) {
    script->answerDocument(documentWith("k1"));
    constexpr std::uint64_t seen = 0;
    start();
    waitFor(Outcome::replaced);
    const auto snapshot = keys->refetch(FetchReason::keyMissing, seen);
    BOOST_TEST(std::holds_alternative<const JsonWebKey*>(snapshot->keys->select(Algorithm::rs256, "k1")));
    const auto joined = keys->join(FetchReason::keyMissing, seen, [] {});
    BOOST_TEST(std::holds_alternative<std::shared_ptr<const KeySnapshot>>(joined));
    BOOST_TEST(script->begun() == 1U);
}

BOOST_AUTO_TEST_CASE(nobodyWaitsBeyondTheDeadline) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    script->hold();
    std::atomic<bool> returned{false};
    std::thread caller([&] {
        keys->refetch(FetchReason::keyMissing, keys->generation());
        returned = true;
    });
    BOOST_TEST(script->waitForBegun(2));
    BOOST_TEST(!returned);
    clock.advance(5s);
    caller.join();
    BOOST_TEST(returned);
    BOOST_TEST(hasKey("k1"));
    script->release();
}

BOOST_AUTO_TEST_CASE(theNumberOfWaitersIsLimited) {
    options.maxWaiters = 2;
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    script->hold();
    std::vector<std::thread> callers;
    for (int i = 0; i < 2; ++i)
        callers.emplace_back([&] { keys->refetch(FetchReason::keyMissing, keys->generation()); });
    BOOST_TEST(script->waitForBegun(2));
    BOOST_REQUIRE(eventually([this] { return keys->status().waiters == 2U; }));
    // A third is told at once that nobody looked for its key.
    const auto busy = keys->refetch(FetchReason::keyMissing, keys->generation());
    BOOST_TEST(busy->keys == nullptr);
    BOOST_TEST((busy->cause == Cause::keysBusy));
    BOOST_TEST(keys->current()->keys != nullptr);
    script->release();
    for (auto& caller : callers)
        caller.join();
}

BOOST_AUTO_TEST_CASE(whoJoinsAFetchIsToldOfItsEnd) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    script->answerDocument(documentWith("k2"));
    script->hold();
    std::atomic<int> told{0};
    std::vector<KeySource::Joined> joined;
    for (int i = 0; i < 3; ++i)
        joined.push_back(keys->join(FetchReason::keyMissing, keys->generation(), [&told] { ++told; }));
    for (const auto& each : joined)
        BOOST_TEST(std::holds_alternative<std::unique_ptr<KeySource::Place>>(each));
    BOOST_TEST(keys->status().waiters == 3U);
    // Gives up its place.
    joined.pop_back();
    BOOST_TEST(keys->status().waiters == 2U);
    BOOST_TEST(told == 0);
    script->release();
    BOOST_TEST(eventually([&] { return told == 2; }));
    BOOST_TEST(hasKey("k2"));
    BOOST_TEST(keys->status().waiters == 0U);
    BOOST_TEST(script->begun() == 2U);
    joined.clear();
    BOOST_TEST(told == 2);
}

BOOST_AUTO_TEST_CASE(nobodyJoinsWithoutAFetchOrBeyondTheLimit) {
    options.maxWaiters = 1;
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    const auto unexpected = [] { BOOST_ERROR("nothing to wait for"); };
    script->hold();
    auto first = keys->join(FetchReason::keyMissing, keys->generation(), [] {});
    BOOST_TEST(std::holds_alternative<std::unique_ptr<KeySource::Place>>(first));
    using Snapshot = std::shared_ptr<const KeySnapshot>;
    const auto second = keys->join(FetchReason::keyMissing, keys->generation(), unexpected);
    BOOST_REQUIRE(std::holds_alternative<Snapshot>(second));
    BOOST_TEST((std::get<Snapshot>(second)->cause == Cause::keysBusy));
    // Anybody can make an invalid signature: it is judged by the keys at hand.
    const auto forged = keys->join(FetchReason::signatureInvalid, keys->generation(), unexpected);
    BOOST_REQUIRE(std::holds_alternative<Snapshot>(forged));
    BOOST_TEST(std::get<Snapshot>(forged)->keys != nullptr);
    keys->setMaxWaiters(2);
    const auto third = keys->join(FetchReason::keyMissing, keys->generation(), [] {});
    BOOST_TEST(std::holds_alternative<std::unique_ptr<KeySource::Place>>(third));
    script->release();
}

BOOST_AUTO_TEST_CASE(stoppingEndsTheWaitOfThoseWhoJoined) {
    script->hold();
    start();
    BOOST_TEST(script->waitForBegun(1));
    std::atomic<int> told{0};
    const auto joined = keys->join(FetchReason::keyMissing, keys->generation(), [&told] { ++told; });
    std::thread stopping([&] { keys->stop(); });
    BOOST_TEST(eventually([&] { return told == 1; }));
    script->release();
    stopping.join();
    BOOST_TEST(told == 1);
}

BOOST_AUTO_TEST_CASE(aFailedSignatureMayCauseAFetchButNeverJoinsOne) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    const auto healed = TestKey::generate(KeyFamily::rsa).jwk(R"("kid":"k1")");
    script->answerDocument(keySetOf({healed}));
    BOOST_TEST(keys->mayRefetch(FetchReason::signatureInvalid));
    keys->refetch(FetchReason::signatureInvalid, keys->generation());
    BOOST_TEST(keys->current()->generation == 2U);
    script->hold();
    std::thread caller([&] { keys->refetch(FetchReason::keyMissing, keys->generation()); });
    BOOST_TEST(script->waitForBegun(3));
    BOOST_TEST(!keys->mayRefetch(FetchReason::signatureInvalid));
    keys->refetch(FetchReason::signatureInvalid, keys->generation());
    BOOST_TEST(script->begun() == 3U);
    script->release();
    caller.join();
}

BOOST_AUTO_TEST_CASE(anOperatorMayFetchWhateverTheBudget) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(!keys->refreshNow().has_value());
    BOOST_TEST(script->begun() == 6U);
    script->fail(Cause::keysStatus, "the response has status 500, not 200");
    BOOST_TEST(keys->refreshNow().value() == "the response has status 500, not 200");
}

BOOST_AUTO_TEST_CASE(aRefreshIsRequestedWithoutWaiting) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    script->answerDocument(documentWith("k2"));
    keys->requestRefresh();
    waitFor(Outcome::replaced, 2);
    BOOST_TEST(hasKey("k2"));
    BOOST_TEST(script->begun() == 2U);
    BOOST_TEST(script->lastWasForced());
}

// The one under way may have read the keys before they changed.
BOOST_AUTO_TEST_CASE(aRefreshThatIsRequestedDuringAFetchFollowsIt) {
    script->answerDocument(documentWith("k1"));
    script->hold();
    start();
    BOOST_TEST(script->waitForBegun(1));
    for (int i = 0; i < 3; ++i)
        keys->requestRefresh();
    BOOST_TEST(script->begun() == 1U);
    script->release();
    waitFor(Outcome::confirmed);
    BOOST_TEST(script->begun() == 2U);
    BOOST_TEST(script->lastWasForced());
    BOOST_TEST(!keys->status().fetching);
}

BOOST_AUTO_TEST_CASE(aStopEndsTheFetchUnderWay) {
    script->hold();
    start();
    BOOST_TEST(script->waitForBegun(1));
    keys->stop();
    BOOST_TEST(events.empty());
}

// The checks of a new set take a bounded time; what is left follows soon, and an unchanged set is read again.
BOOST_AUTO_TEST_CASE(keysThatAreNotCheckedInTimeFollow) {
    options.schedule.timeout = 0ms;
    script->answerDocument(documentWith("k1"), "\"v1\"");
    start();
    waitFor(Outcome::failed);
    BOOST_TEST(keys->current()->keys == nullptr);
    BOOST_TEST(events.front().text.find("not checked yet") != std::string::npos);
    options.schedule.timeout = 5s;
    keys->reconfigure(options.schedule, {});
    clock.advance(1min);
    waitFor(Outcome::replaced);
    BOOST_TEST(script->lastEntityTag().empty());
    options.schedule.timeout = 0ms;
    keys->reconfigure(options.schedule, {});
    script->answerDocument(keySetOf({rsa().jwk(R"("kid":"k1")"), rsa().jwk(R"("kid":"k2")")}), "\"v2\"");
    clock.advance(8min);
    waitFor(Outcome::confirmed);
    BOOST_TEST(hasKey("k1"));
    BOOST_TEST(!hasKey("k2"));
    BOOST_TEST((keys->status().nextRefresh == 24s));
    options.schedule.timeout = 5s;
    keys->reconfigure(options.schedule, {});
    clock.advance(24s);
    waitFor(Outcome::replaced, 2);
    BOOST_TEST(script->lastEntityTag().empty());
    BOOST_TEST(hasKey("k2"));
}

BOOST_AUTO_TEST_CASE(stopsWhileAFetchIsUnderWay) {
    script->hold();
    start();
    BOOST_TEST(script->waitForBegun(1));
    std::thread waiting([&] { keys->refetch(FetchReason::keyMissing, keys->generation()); });
    std::thread stopping([&] { keys->stop(); });
    waiting.join();
    script->release();
    stopping.join();
    BOOST_TEST(!keys->mayRefetch(FetchReason::keyMissing));
}

BOOST_AUTO_TEST_CASE(aSnapshotFileServesAColdStart) {
    const TemporaryFolder folder;
    options.snapshotFile = folder.file("keys.json");
    options.address = "http://localhost:9011/.well-known/jwks.json";
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    keys->stop();
    BOOST_TEST((std::filesystem::status(options.snapshotFile).permissions() == std::filesystem::perms(0600)));

    script->fail();
    clock.advance(23h);
    start();
    BOOST_TEST(hasKey("k1"));
    BOOST_TEST(keys->status().fromSnapshotFile);
    BOOST_TEST((keys->status().age.value() >= 23h));
    // It serves as long as it would have served without the restart.
    clock.advance(1h);
    waitFor(Outcome::dropped);
    BOOST_TEST(keys->current()->keys == nullptr);
    keys->stop();

    start();
    waitFor(Outcome::failed);
    BOOST_TEST(keys->current()->keys == nullptr);
    keys->stop();

    clock.advance(-2h);
    options.address = "http://localhost:9011/other.json";
    start();
    BOOST_TEST(keys->current()->keys == nullptr);
}

BOOST_AUTO_TEST_CASE(aSnapshotFileFromTheFutureIsNotServed) {
    const TemporaryFolder folder;
    options.snapshotFile = folder.file("keys.json");
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    keys->stop();

    script->fail();
    clock.advance(-1s);
    start();
    waitFor(Outcome::snapshotFailed);
    BOOST_TEST(keys->current()->keys == nullptr);
}

BOOST_AUTO_TEST_CASE(aBrokenSnapshotFileIsReportedAndIgnored) {
    const TemporaryFolder folder;
    options.snapshotFile = folder.file("keys.json");
    for (const char* content : {"", "{", "[]", R"({"address":"","confirmedAt":1790000000,"document":"{}"})",
                                R"({"address":"","confirmedAt":-1,"document":"{}"})",
                                R"({"address":"","confirmedAt":1e999,"document":"{}"})"}) {
        std::ofstream(options.snapshotFile) << content;
        events.clear();
        script->hold();
        start();
        BOOST_TEST(keys->current()->keys == nullptr);
        waitFor(Outcome::snapshotFailed);
        script->release();
        keys->stop();
    }
}

BOOST_AUTO_TEST_CASE(aSnapshotFileThatCannotBeWrittenDoesNoHarm) {
    options.snapshotFile = "/proc/no-such-folder/keys.json";
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    waitFor(Outcome::snapshotFailed);
    keys->stop();
    BOOST_TEST(hasKey("k1"));
    BOOST_TEST(!keys->status().snapshotError.empty());
}

BOOST_AUTO_TEST_CASE(oldKeysServeLongerByANewSettingWhileTheEndpointFails) {
    options.schedule.staleFor = 1h;
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    script->fail();
    clock.advance(59min);
    waitFor(Outcome::failed);
    const auto fetches = script->begun();
    options.schedule.staleFor = 2h;
    keys->reconfigure(options.schedule, {});
    BOOST_TEST(script->begun() == fetches);
    clock.advance(1min);
    waitFor(Outcome::failed, 2);
    BOOST_TEST(hasKey("k1"));
    BOOST_TEST(keys->current()->generation == 1U);
    clock.advance(1h);
    waitFor(Outcome::dropped);
    BOOST_TEST(!hasKey("k1"));
    // Even those that are gone already come back.
    options.schedule.staleFor = 3h;
    keys->reconfigure(options.schedule, {});
    BOOST_TEST(hasKey("k1"));
    BOOST_TEST(keys->current()->generation == 3U);
    BOOST_TEST((keys->status().age.value() == 2h));
    waitFor(Outcome::restored);
    clock.advance(1h);
    waitFor(Outcome::dropped, 2);
}

BOOST_AUTO_TEST_CASE(aShorterTimeToServeEndsOldKeysAtOnce) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    script->fail();
    clock.advance(2h);
    waitFor(Outcome::failed);
    options.schedule.staleFor = 1h;
    keys->reconfigure(options.schedule, {});
    waitFor(Outcome::dropped);
    BOOST_TEST(keys->current()->keys == nullptr);
    BOOST_TEST(!keys->status().age.has_value());
}

BOOST_AUTO_TEST_CASE(newAgesAndBudgetsApplyToTheKeysAtHand) {
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    BOOST_TEST((keys->status().nextRefresh == 8min));
    clock.advance(1min);
    options.schedule.maxAge = 5min;
    options.schedule.cooldown = 1s;
    options.schedule.timeout = 1s;
    keys->reconfigure(options.schedule, {});
    BOOST_TEST((keys->status().nextRefresh == 3min));
    BOOST_TEST(script->begun() == 1U);
    for (int i = 0; i < RefreshSchedule::burst; ++i)
        keys->refetch(FetchReason::keyMissing, keys->generation());
    BOOST_TEST(!keys->mayRefetch(FetchReason::keyMissing));
    clock.advance(1s);
    BOOST_TEST(keys->mayRefetch(FetchReason::keyMissing));
    script->hold();
    std::thread caller([&] { keys->refetch(FetchReason::keyMissing, keys->generation()); });
    BOOST_TEST(script->waitForBegun(2U + RefreshSchedule::burst));
    clock.advance(1s);
    caller.join();
    script->release();
}

BOOST_AUTO_TEST_CASE(anotherSnapshotFileIsWrittenAtOnce) {
    const TemporaryFolder folder;
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    script->hold();
    keys->reconfigure(options.schedule, folder.file("keys.json"));
    const KeySnapshotFile file(folder.file("keys.json"), options.address);
    std::variant<KeySnapshotFile::Content, KeySnapshotFile::Unreadable> read;
    BOOST_REQUIRE(eventually([&] {
        read = file.read();
        return std::holds_alternative<KeySnapshotFile::Content>(read);
    }));
    BOOST_TEST(std::get<KeySnapshotFile::Content>(read).document == documentWith("k1"));
    BOOST_TEST(script->begun() == 1U);
    script->release();
}

BOOST_AUTO_TEST_CASE(aSnapshotFileThatWasTooOldServesByANewSetting) {
    const TemporaryFolder folder;
    options.snapshotFile = folder.file("keys.json");
    script->answerDocument(documentWith("k1"));
    start();
    waitFor(Outcome::replaced);
    keys->stop();
    script->fail();
    clock.advance(25h);
    start();
    waitFor(Outcome::snapshotFailed);
    BOOST_TEST(keys->current()->keys == nullptr);
    options.schedule.staleFor = 26h;
    keys->reconfigure(options.schedule, options.snapshotFile);
    BOOST_TEST(hasKey("k1"));
    BOOST_TEST(keys->status().fromSnapshotFile);
    clock.advance(1h);
    waitFor(Outcome::dropped);
}

BOOST_AUTO_TEST_CASE(aFetchWithoutMemoryIsAFailedOne) {
    /// Has no memory for the first fetch.
    struct StarvedFetcher : JwksFetcher {
        bool isStarved = true;
        FetchResult fetch(const std::string&, bool, std::chrono::milliseconds,
                          const std::stop_token&) override {
            if (std::exchange(isStarved, false)) throw std::bad_alloc();
            return FetchedKeys{false, documentWith("k1")};
        }
    };
    options.observer = [this](const RemoteJwkSet::Event& event) {
        const std::lock_guard lock(mutex);
        events.push_back(event);
        changed.notify_all();
    };
    keys = std::make_unique<RemoteJwkSet>(options, std::make_unique<StarvedFetcher>(), clock);
    keys->start();
    waitFor(Outcome::failed);
    BOOST_TEST(keys->status().lastError == "out of memory");
    clock.advance(5s);
    waitFor(Outcome::replaced);
    BOOST_TEST(hasKey("k1"));
}

BOOST_AUTO_TEST_SUITE_END()
