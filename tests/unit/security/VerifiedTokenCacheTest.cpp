#include "security/VerifiedTokenCache.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

using namespace changebank::security;

namespace {

std::shared_ptr<const VerifiedToken> verified(const std::string& subject) {
    VerifiedToken token;
    token.principal.subject = subject;
    return std::make_shared<const VerifiedToken>(std::move(token));
}

constexpr Generation first{1, 1};

/// Takes the tokens' texts.
class TestedCache : public VerifiedTokenCache {
public:
    using VerifiedTokenCache::VerifiedTokenCache;

    std::shared_ptr<const VerifiedToken> find(std::string_view token, const Generation& generation) {
        Key key(token);
        return VerifiedTokenCache::find(key, generation);
    }

    void remember(std::string_view token, const Generation& generation,
                  std::shared_ptr<const VerifiedToken> verified) {
        Key key(token);
        VerifiedTokenCache::remember(key, generation, std::move(verified));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(VerifiedTokenCacheTest)

BOOST_AUTO_TEST_CASE(findsWhatItRemembers) {
    TestedCache cache(100);
    BOOST_TEST(cache.find("a.b.c", first) == nullptr);
    const auto token = verified("x");
    cache.remember("a.b.c", first, token);
    BOOST_TEST(cache.find("a.b.c", first) == token);
    BOOST_TEST(cache.find("a.b.d", first) == nullptr);
    BOOST_TEST(cache.find("a.b.c ", first) == nullptr);
    const auto counters = cache.counters();
    BOOST_TEST(counters.hits == 1U);
    BOOST_TEST(counters.misses == 3U);
    BOOST_TEST(counters.entries == 1U);
    BOOST_TEST(counters.capacity >= 100U);
}

BOOST_AUTO_TEST_CASE(anotherGenerationIsNotUsed) {
    TestedCache cache(100);
    cache.remember("a.b.c", first, verified("x"));
    BOOST_TEST(cache.find("a.b.c", Generation{2, 1}) == nullptr);
    BOOST_TEST(cache.find("a.b.c", Generation{1, 2}) == nullptr);
    const auto later = verified("y");
    cache.remember("a.b.c", Generation{2, 1}, later);
    BOOST_TEST(cache.find("a.b.c", Generation{2, 1}) == later);
    BOOST_TEST(cache.find("a.b.c", first) == nullptr);
    BOOST_TEST(cache.counters().entries == 1U);
}

BOOST_AUTO_TEST_CASE(isBoundedInEntriesAndInOctets) {
    TestedCache cache(64);
    for (int i = 0; i < 10'000; ++i)
        cache.remember("token" + std::to_string(i), first, verified("x"));
    const auto counters = cache.counters();
    BOOST_TEST(counters.capacity == 64U);
    BOOST_TEST(counters.entries == counters.capacity);

    const std::string filling(7'000, 'x');
    for (int i = 0; i < 1'000; ++i)
        cache.remember(filling + std::to_string(i), first, verified("x"));
    BOOST_TEST(cache.counters().octets <= counters.capacity * VerifiedTokenCache::octetsPerEntry);
    BOOST_TEST(cache.counters().entries < counters.capacity);
}

BOOST_AUTO_TEST_CASE(countsWhatEachTokenTakes) {
    TestedCache cache(64);
    cache.remember("short", first, verified("x"));
    const auto before = cache.counters().octets;
    VerifiedToken token;
    token.principal.claims.assign(3'000, 'c');
    token.principal.roles.assign(10, std::string(100, 'r'));
    cache.remember(std::string(1'000, 't'), first, std::make_shared<const VerifiedToken>(token));
    BOOST_TEST(cache.counters().octets - before > 5'000U);
    cache.remember(std::string(1'000, 't'), first, verified("x"));
    BOOST_TEST(cache.counters().octets - before < 2'000U);
}

BOOST_AUTO_TEST_CASE(aTokenTooLargeForItsSetIsNotRemembered) {
    TestedCache cache(64);
    const auto longest = std::string(16 * VerifiedTokenCache::octetsPerEntry, 'x');
    cache.remember(longest, first, verified("x"));
    BOOST_TEST(cache.find(longest, first) == nullptr);
    BOOST_TEST(cache.counters().entries == 0U);
}

// The thread that used a token looks into the table again in the end, and finds what became of it there.
BOOST_AUTO_TEST_CASE(whatTheTableDisplacedIsForgottenAfterAWhile) {
    TestedCache cache(16);
    cache.remember("early", first, verified("x"));
    BOOST_TEST(cache.find("early", first) != nullptr);
    for (int i = 0; i < 1'000; ++i)
        cache.remember("token" + std::to_string(i), first, verified("x"));
    for (unsigned i = 0; i < VerifiedTokenCache::usesPerLook; ++i)
        BOOST_TEST(cache.find("early", first) != nullptr);
    BOOST_TEST(cache.find("early", first) == nullptr);
    BOOST_TEST(cache.find("early", first) == nullptr);
}

/// Whether the table has it, whatever this thread found before.
bool isInTable(TestedCache& cache, std::string_view token) {
    bool found = false;
    std::thread([&] { found = cache.find(token, first) != nullptr; }).join();
    return found;
}

BOOST_AUTO_TEST_CASE(whatIsUsedStaysInTheTableWhileOthersComeOnce) {
    TestedCache cache(16);
    cache.remember("hot", first, verified("x"));
    for (unsigned i = 0; i < VerifiedTokenCache::usesPerLook + 2; ++i)
        BOOST_TEST(cache.find("hot", first) != nullptr);
    for (int i = 0; i < 100; ++i)
        cache.remember("once" + std::to_string(i), first, verified("x"));
    BOOST_TEST(isInTable(cache, "hot"));
    BOOST_TEST(!isInTable(cache, "once0"));
    BOOST_TEST(isInTable(cache, "once99"));
}

BOOST_AUTO_TEST_CASE(whoFindsNoRoomTakesAUseFromTheOneThatWasUsedLeast) {
    TestedCache cache(16);
    for (int i = 0; i < 16; ++i) {
        cache.remember("used" + std::to_string(i), first, verified("x"));
        BOOST_TEST(cache.find("used" + std::to_string(i), first) != nullptr);
    }
    cache.remember("new", first, verified("x"));
    BOOST_TEST(cache.find("new", first) == nullptr);
    cache.remember("new", first, verified("x"));
    BOOST_TEST(cache.find("new", first) != nullptr);
    BOOST_TEST(!isInTable(cache, "used0"));
    BOOST_TEST(isInTable(cache, "used1"));
}

/// How often `hot` tokens in steady use are found while ten times as many others come once each.
double hitRateInAFlood(std::size_t capacity, int hot) {
    TestedCache cache(capacity);
    const auto name = [](int i) { return "hot" + std::to_string(i); };
    constexpr int uses = 200'000;
    int found = 0;
    for (int i = 0; i < uses; ++i) {
        cache.remember("cold" + std::to_string(i), first, verified("x"));
        const auto token = name(i % hot);
        if (cache.find(token, first)) {
            ++found;
        } else {
            cache.remember(token, first, verified("x"));
        }
    }
    BOOST_TEST(cache.counters().entries <= cache.counters().capacity);
    return static_cast<double>(found) / uses;
}

// As many callers who come once as requests of those who come again and again: neither do they fill more
// than there is, nor do they push the others out.
BOOST_AUTO_TEST_CASE(tokensInUseSurviveAFloodOfOthers) {
    for (const int hot : {1, 50, 500}) {
        const auto rate = hitRateInAFlood(1'000, hot);
        BOOST_TEST_MESSAGE(hot << " tokens in use among 1000 places: " << rate);
        BOOST_TEST(rate > 0.9);
    }
}

BOOST_AUTO_TEST_CASE(aMillionDifferentTokensNeitherGrowItNorMakeItUseless) {
    constexpr int flood = 1'000'000;
    constexpr int callers = 100;
    constexpr int uses = flood / 10;
    TestedCache cache(10'000);
    const auto token = verified("x");
    const auto ofCaller = [](int i) { return "caller" + std::to_string(i % callers); };
    for (int i = 0; i < callers; ++i)
        cache.remember(ofCaller(i), first, token);

    int forgotten = 0;
    for (int i = 0; i < flood; ++i) {
        cache.remember("valid" + std::to_string(i), first, token);
        cache.find("invalid" + std::to_string(i), first);
        if (i % 10 == 0 && !cache.find(ofCaller(i / 10), first)) {
            ++forgotten;
            cache.remember(ofCaller(i / 10), first, token);
        }
    }
    const auto counters = cache.counters();
    BOOST_TEST(counters.entries <= counters.capacity);
    BOOST_TEST(counters.octets <= counters.capacity * VerifiedTokenCache::octetsPerEntry);
    BOOST_TEST(forgotten < uses / 20);
}

BOOST_AUTO_TEST_CASE(olderGenerationsMakeRoomFirst) {
    TestedCache cache(16);
    for (int i = 0; i < 16; ++i) {
        cache.remember("old" + std::to_string(i), first, verified("x"));
        cache.find("old" + std::to_string(i), first);
    }
    const Generation second{2, 1};
    for (int i = 0; i < 16; ++i)
        cache.remember("new" + std::to_string(i), second, verified("x"));
    for (int i = 0; i < 16; ++i)
        BOOST_TEST(cache.find("new" + std::to_string(i), second) != nullptr);
}

// Readers of a few tokens, some of which are displaced all the time, while the generation moves on: whatever
// a reader is given is the token's own and of the generation that it asked for.
BOOST_AUTO_TEST_CASE(threadsShareItWhileGenerationsPass) {
    TestedCache cache(64);
    std::atomic<std::uint64_t> generation{1};
    std::atomic<int> wrong{0};
    const auto serve = [&](int thread) {
        for (int i = 0; i < 20'000; ++i) {
            const Generation now{generation.load(), 1};
            const auto token = "token" + std::to_string((i * 7 + thread) % (i % 3 == 0 ? 200 : 10));
            const auto subject = token + "/" + std::to_string(now.keys);
            if (const auto known = cache.find(token, now)) {
                if (known->principal.subject != subject) ++wrong;
            } else {
                cache.remember(token, now, verified(subject));
            }
            if (thread == 0 && i % 500 == 0) ++generation;
            if (i % 1'000 == 0) cache.counters();
        }
    };
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back(serve, thread);
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(wrong == 0);
    const auto counters = cache.counters();
    BOOST_TEST(counters.hits + counters.misses == 80'000U);
    BOOST_TEST(counters.hits > counters.misses);
}

// Those who are in use now make room for others in the end, when nobody uses them any more.
BOOST_AUTO_TEST_CASE(tokensOutOfUseMakeRoom) {
    TestedCache cache(64);
    const auto rememberAndUse = [&cache](const std::string& token) {
        bool found = false;
        for (int i = 0; i < 20; ++i) {
            found = cache.find(token, first) != nullptr;
            if (!found) cache.remember(token, first, verified("x"));
        }
        return found;
    };
    for (int i = 0; i < 64; ++i)
        rememberAndUse("old" + std::to_string(i));
    int found = 0;
    for (int round = 0; round < 10; ++round) {
        found = 0;
        for (int i = 0; i < 32; ++i)
            found += rememberAndUse("new" + std::to_string(i)) ? 1 : 0;
    }
    BOOST_TEST(found == 32);
}

BOOST_AUTO_TEST_CASE(aThreadMayUseSeveralInTurn) {
    TestedCache one(64);
    TestedCache other(64);
    const auto token = verified("x");
    one.remember("a.b.c", first, token);
    for (int i = 0; i < 10; ++i) {
        BOOST_TEST(one.find("a.b.c", first) == token);
        BOOST_TEST(other.find("a.b.c", first) == nullptr);
    }
    BOOST_TEST(one.counters().hits == 10U);
    BOOST_TEST(other.counters().misses == 10U);
}

BOOST_AUTO_TEST_CASE(letsGoOfItsTokensWhenItDies) {
    std::weak_ptr<const VerifiedToken> watched;
    {
        TestedCache cache(64);
        auto token = verified("x");
        watched = token;
        cache.remember("a.b.c", first, std::move(token));
        for (int i = 0; i < 3; ++i)
            cache.find("a.b.c", first);
        BOOST_TEST(!watched.expired());
    }
    BOOST_TEST(watched.expired());
}

BOOST_AUTO_TEST_CASE(tokensThatEndAlikeAreToldApart) {
    TestedCache cache(64);
    const std::string end = "same-end-of-a-signature";
    const auto one = verified("one");
    const auto other = verified("other");
    cache.remember("1." + end, first, one);
    cache.remember("2." + end, first, other);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(cache.find("1." + end, first) == one);
        BOOST_TEST(cache.find("1." + end, first) == one);
        BOOST_TEST(cache.find("2." + end, first) == other);
        BOOST_TEST(cache.find("3." + end, first) == nullptr);
        BOOST_TEST(cache.find(end, first) == nullptr);
    }
}

BOOST_AUTO_TEST_SUITE_END()
