#include "changebank/security/limit/TokenBucketTable.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "changebank/base/system/SipHash.h"

using namespace changebank;
using namespace changebank::security;
using namespace std::chrono_literals;
using std::chrono::microseconds;

namespace {

const Clock::Monotonic start{1000h};

constexpr std::size_t entriesPerSet = 7;

/// A hash with that tag; all are of the first set.
std::uint64_t inFirstSet(std::uint64_t tag) {
    return tag;
}

std::uint64_t hashOf(int number) {
    return sipHash(std::to_string(number), {1, 2});
}

/// How many of that many requests pass at once.
int passing(TokenBucketTable& table, std::uint64_t hash, const TokenBucketRate& rate, Clock::Monotonic now,
            int requests) {
    int count = 0;
    for (int i = 0; i < requests; ++i)
        count += table.take(hash, rate, now) == 0us ? 1 : 0;
    return count;
}

/// A token bucket as textbooks have it: what is in it grows with time. One token is worth the interval.
class ReferenceBucket {
public:
    bool take(const TokenBucketRate& rate, Clock::Monotonic now) {
        const auto passed = std::chrono::duration_cast<microseconds>(now - _last);
        _last = now;
        _content = std::min(rate.window(), _isNew ? rate.window() : _content + passed);
        _isNew = false;
        if (_content < rate.interval()) return false;
        _content -= rate.interval();
        return true;
    }

private:
    bool _isNew = true;
    Clock::Monotonic _last = start;
    microseconds _content{0};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(TokenBucketTableTest)

BOOST_AUTO_TEST_CASE(aBurstPassesThenAsManyAsTheRate) {
    TokenBucketTable table(100, start);
    const TokenBucketRate rate(10, 5);
    BOOST_TEST(passing(table, hashOf(1), rate, start, 20) == 5);
    BOOST_TEST(passing(table, hashOf(1), rate, start + 99'999us, 20) == 0);
    BOOST_TEST(passing(table, hashOf(1), rate, start + 100ms, 20) == 1);
    BOOST_TEST(passing(table, hashOf(1), rate, start + 350ms, 20) == 2);
    BOOST_TEST(passing(table, hashOf(1), rate, start + 1h, 20) == 5);
    BOOST_TEST(passing(table, hashOf(2), rate, start, 20) == 5);
}

BOOST_AUTO_TEST_CASE(itSaysHowLongToWaitAndThatIsTrueToTheMicrosecond) {
    TokenBucketTable table(100, start);
    const TokenBucketRate rate(3, 2);
    BOOST_TEST(rate.interval().count() == 333'334);
    BOOST_TEST(rate.window().count() == 666'668);
    passing(table, hashOf(1), rate, start, 2);
    const auto wait = table.take(hashOf(1), rate, start + 1us);
    BOOST_TEST(wait.count() == 333'333);
    BOOST_TEST(table.waitFor(hashOf(1), rate, start + 1us).count() == 333'333);
    BOOST_TEST(table.waitFor(hashOf(1), rate, start + wait).count() == 1);
    BOOST_TEST(table.waitFor(hashOf(1), rate, start + 1us + wait).count() == 0);
    BOOST_TEST(table.take(hashOf(1), rate, start + 1us + wait).count() == 0);
    BOOST_TEST(table.take(hashOf(1), rate, start + 1us + wait).count() > 0);
}

BOOST_AUTO_TEST_CASE(whatIsOutOfRangeCountsAsTheNearestValue) {
    BOOST_TEST(TokenBucketRate(0, 0).interval().count() == 1'000'000);
    BOOST_TEST(TokenBucketRate(0, 0).burst() == 1U);
    BOOST_TEST(TokenBucketRate(1'000'000, 1'000'000).interval().count() == 100);
    BOOST_TEST(TokenBucketRate(1'000'000, 1'000'000).burst() == TokenBucketRate::maxBurst);
}

BOOST_AUTO_TEST_CASE(randomRequestsPassAsInAReference) {
    std::mt19937 random(7);
    for (int round = 0; round < 40; ++round) {
        const TokenBucketRate rate(std::uniform_int_distribution<unsigned>(1, 10'000)(random),
                                   std::uniform_int_distribution<unsigned>(1, 50)(random));
        TokenBucketTable table(5'000, start);
        std::vector<ReferenceBucket> references(5);
        std::uniform_int_distribution<std::int64_t> pause(0, 2 * rate.interval().count());
        auto now = start;
        for (int i = 0; i < 2'000; ++i) {
            if (i % 4 != 0) now += microseconds(pause(random));
            if (i % 500 == 0) now += rate.window();
            const int key = std::uniform_int_distribution<>(0, 4)(random);
            const bool passes = table.take(hashOf(key), rate, now) == 0us;
            BOOST_REQUIRE(passes == references[static_cast<std::size_t>(key)].take(rate, now));
        }
    }
}

BOOST_AUTO_TEST_CASE(aFloodOfKeysFreesNobodysEmptyBucket) {
    TokenBucketTable table(entriesPerSet, start);
    const TokenBucketRate rate(1, 3);
    BOOST_TEST(table.capacity() == entriesPerSet);
    for (std::uint64_t tag = 1; tag <= entriesPerSet; ++tag)
        BOOST_TEST(passing(table, inFirstSet(tag), rate, start, 5) == 3);
    BOOST_TEST(table.used(start) == entriesPerSet);
    BOOST_TEST(table.crowded() == 0U);
    // All others have one bucket together.
    int passed = 0;
    for (std::uint64_t tag = 100; tag < 10'100; ++tag)
        passed += passing(table, inFirstSet(tag), rate, start, 1);
    BOOST_TEST(passed == 3);
    BOOST_TEST(table.crowded() == 10'000U);
    BOOST_TEST(table.waitFor(inFirstSet(77), rate, start) == 1s);
    for (std::uint64_t tag = 1; tag <= entriesPerSet; ++tag) {
        BOOST_TEST(passing(table, inFirstSet(tag), rate, start, 5) == 0);
        BOOST_TEST(passing(table, inFirstSet(tag), rate, start + 1s, 5) == 1);
    }
    // Full buckets make room.
    BOOST_TEST(table.used(start + 4s) == 0U);
    BOOST_TEST(passing(table, inFirstSet(99), rate, start + 4s, 5) == 3);
    BOOST_TEST(table.crowded() == 10'000U);
}

BOOST_AUTO_TEST_CASE(aFullBucketIsForgottenWithoutAnythingLost) {
    TokenBucketTable table(entriesPerSet, start);
    const TokenBucketRate rate(1, 2);
    BOOST_TEST(passing(table, inFirstSet(1), rate, start, 1) == 1);
    for (std::uint64_t tag = 2; tag <= 8; ++tag)
        BOOST_TEST(passing(table, inFirstSet(tag), rate, start + 1s, 5) == 2);
    // The first one's entry is another's now; its bucket was full.
    BOOST_TEST(table.crowded() == 0U);
    BOOST_TEST(table.used(start + 1s) == entriesPerSet);
}

BOOST_AUTO_TEST_CASE(howMuchAFloodOfKeysGetsIsBounded) {
    TokenBucketTable table(1'000, start);
    const TokenBucketRate rate(100, 4);
    BOOST_TEST(table.capacity() == 1'001U);
    BOOST_TEST(passing(table, hashOf(-1), rate, start, 10) == 4);
    int passed = 0;
    for (int key = 0; key < 200'000; ++key)
        passed += passing(table, hashOf(key), rate, start, 1);
    // A token from each of 1,001 entries, then four from each of the shared buckets of 143 sets; some keys
    // share an entry, which gives it up to four.
    BOOST_TEST(passed >= 1'000 + 143 * 4);
    BOOST_TEST(passed <= 1'001 * 4 + 143 * 4);
    BOOST_TEST(table.used(start) == table.capacity());
    BOOST_TEST(passing(table, hashOf(-1), rate, start, 10) == 0);
    BOOST_TEST(passing(table, hashOf(-1), rate, start + 10ms, 10) == 1);
}

BOOST_AUTO_TEST_CASE(anotherRateAppliesToWhatIsUsedUp) {
    TokenBucketTable table(100, start);
    passing(table, hashOf(1), TokenBucketRate(1, 100), start, 100);
    const TokenBucketRate faster(10, 5);
    BOOST_TEST(passing(table, hashOf(1), faster, start, 9) == 0);
    // It counts as empty, so that it fills within the window of the new rate from the next request on.
    BOOST_TEST(table.waitFor(hashOf(1), faster, start + 50s) == 100ms);
    BOOST_TEST(passing(table, hashOf(2), TokenBucketRate(1, 2), start, 9) == 2);
    BOOST_TEST(passing(table, hashOf(2), TokenBucketRate(1, 4), start, 9) == 2);
}

BOOST_AUTO_TEST_CASE(timesBeforeTheStartCountAsTheStart) {
    TokenBucketTable table(1, start);
    const TokenBucketRate rate(1, 1);
    BOOST_TEST(passing(table, inFirstSet(1), rate, start - 1h, 3) == 1);
    BOOST_TEST(table.take(inFirstSet(1), rate, start) == 1s);
    BOOST_TEST(table.used(start - 1h) == 1U);
}

BOOST_AUTO_TEST_CASE(threadsTakeExactlyWhatIsThere) {
    TokenBucketTable table(1'000, start);
    const TokenBucketRate rate(1, 1'000);
    constexpr int keys = 20;
    for (int key = 0; key < keys; ++key)
        BOOST_REQUIRE(passing(table, hashOf(key), rate, start, 1) == 1);
    std::vector<int> passed(4);
    std::vector<std::thread> threads;
    for (auto& count : passed) {
        threads.emplace_back([&table, &rate, &count] {
            for (int i = 0; i < 500; ++i) {
                for (int key = 0; key < keys; ++key)
                    count += passing(table, hashOf(key), rate, start, 1);
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(passed[0] + passed[1] + passed[2] + passed[3] == keys * 999);
}

BOOST_AUTO_TEST_SUITE_END()
