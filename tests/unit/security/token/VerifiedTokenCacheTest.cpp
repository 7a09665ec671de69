#include "changebank/security/token/VerifiedTokenCache.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

using namespace changebank;
using namespace changebank::security;

namespace {

std::shared_ptr<const VerifiedToken> verified(const std::string& subject) {
    VerifiedToken token;
    token.principal.subject = subject;
    return std::make_shared<const VerifiedToken>(std::move(token));
}

constexpr Generation first{0, 1, 1};

/// A cache for one issuer, whose current generation each call names.
class Cache : public VerifiedTokenCache {
public:
    using VerifiedTokenCache::VerifiedTokenCache;

    std::shared_ptr<const VerifiedToken> lookUp(std::string_view token, const Generation& current) {
        return VerifiedTokenCache::lookUp(token, [&](const auto& each) { return each == current; });
    }

    void insert(std::string_view token, const Generation& current,
                std::shared_ptr<const VerifiedToken> verified) {
        VerifiedTokenCache::insert(token, current, std::move(verified),
                                   [&](const auto& each) { return each == current; });
    }
};

/// FNV-1a, so that the same tokens share a set wherever the tests run.
std::size_t fnv1a(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(VerifiedTokenCacheTest)

BOOST_AUTO_TEST_CASE(findsWhatWasInserted) {
    Cache cache(100, fnv1a);
    BOOST_TEST(cache.lookUp("a.b.c", first) == nullptr);
    const auto token = verified("x");
    cache.insert("a.b.c", first, token);
    BOOST_TEST(cache.lookUp("a.b.c", first) == token);
    BOOST_TEST(cache.lookUp("a.b.d", first) == nullptr);
    BOOST_TEST(cache.lookUp("a.b.c ", first) == nullptr);
    const auto counters = cache.counters();
    BOOST_TEST(counters.hits == 1U);
    BOOST_TEST(counters.misses == 3U);
    BOOST_TEST(counters.entries == 1U);
    BOOST_TEST(counters.capacity >= 100U);
}

BOOST_AUTO_TEST_CASE(anotherGenerationIsNotUsed) {
    Cache cache(100, fnv1a);
    cache.insert("a.b.c", first, verified("x"));
    BOOST_TEST(cache.lookUp("a.b.c", Generation{0, 1, 2}) == nullptr);
    BOOST_TEST(cache.lookUp("a.b.c", Generation{0, 2, 1}) == nullptr);
    BOOST_TEST(cache.lookUp("a.b.c", Generation{1, 1, 1}) == nullptr);
    const auto later = verified("y");
    cache.insert("a.b.c", Generation{0, 1, 2}, later);
    BOOST_TEST(cache.lookUp("a.b.c", Generation{0, 1, 2}) == later);
    BOOST_TEST(cache.lookUp("a.b.c", first) == nullptr);
    BOOST_TEST(cache.counters().entries == 1U);
}

BOOST_AUTO_TEST_CASE(isBoundedInEntriesAndInBytes) {
    Cache cache(64, fnv1a);
    for (int i = 0; i < 10'000; ++i)
        cache.insert("token" + std::to_string(i), first, verified("x"));
    const auto counters = cache.counters();
    BOOST_TEST(counters.capacity == 64U);
    BOOST_TEST(counters.entries == counters.capacity);

    const std::string filling(7'000, 'x');
    for (int i = 0; i < 1'000; ++i)
        cache.insert(filling + std::to_string(i), first, verified("x"));
    BOOST_TEST(cache.counters().bytes <= counters.capacity * VerifiedTokenCache::bytesPerEntry);
    BOOST_TEST(cache.counters().entries < counters.capacity);
}

BOOST_AUTO_TEST_CASE(countsWhatEachTokenTakes) {
    Cache cache(64, fnv1a);
    cache.insert("short", first, verified("x"));
    const auto before = cache.counters().bytes;
    VerifiedToken token;
    token.principal.claims.assign(3'000, 'c');
    token.principal.roles.assign(10, std::string(100, 'r'));
    cache.insert(std::string(1'000, 't'), first, std::make_shared<const VerifiedToken>(token));
    BOOST_TEST(cache.counters().bytes - before > 5'000U);
    cache.insert(std::string(1'000, 't'), first, verified("x"));
    BOOST_TEST(cache.counters().bytes - before < 2'000U);
}

BOOST_AUTO_TEST_CASE(aTokenTooLargeForItsSetIsNotInserted) {
    Cache cache(64, fnv1a);
    const auto longest = std::string(16 * VerifiedTokenCache::bytesPerEntry, 'x');
    cache.insert(longest, first, verified("x"));
    BOOST_TEST(cache.lookUp(longest, first) == nullptr);
    BOOST_TEST(cache.counters().entries == 0U);
}

BOOST_AUTO_TEST_CASE(aTokenInUseStaysWhileOthersComeOnce) {
    Cache cache(16, fnv1a);
    cache.insert("hot", first, verified("x"));
    for (unsigned i = 0; i < 8; ++i)
        BOOST_TEST(cache.lookUp("hot", first) != nullptr);
    for (int i = 0; i < 100; ++i)
        cache.insert("once" + std::to_string(i), first, verified("x"));
    BOOST_TEST(cache.lookUp("hot", first) != nullptr);
    BOOST_TEST(cache.lookUp("once0", first) == nullptr);
    BOOST_TEST(cache.lookUp("once99", first) != nullptr);
}

BOOST_AUTO_TEST_CASE(whatWasUsedOnceLeavesTheTableWhileOthersComeOnce) {
    Cache cache(16, fnv1a);
    cache.insert("lukewarm", first, verified("x"));
    BOOST_TEST(cache.lookUp("lukewarm", first) != nullptr);
    for (int i = 0; i < 100; ++i)
        cache.insert("once" + std::to_string(i), first, verified("x"));
    BOOST_TEST(cache.lookUp("lukewarm", first) == nullptr);
}

BOOST_AUTO_TEST_CASE(whatWasUsedVeryOftenLeavesTheTableToo) {
    Cache cache(16, fnv1a);
    cache.insert("hot", first, verified("x"));
    for (int i = 0; i < 10'000; ++i)
        cache.lookUp("hot", first);
    for (int i = 0; i < 1'000; ++i)
        cache.insert("once" + std::to_string(i), first, verified("x"));
    BOOST_TEST(cache.lookUp("hot", first) == nullptr);
}

BOOST_AUTO_TEST_CASE(aTokenThatFindsNoSlotTakesAHitFromTheLeastUsed) {
    Cache cache(16, fnv1a);
    for (int i = 0; i < 16; ++i) {
        cache.insert("used" + std::to_string(i), first, verified("x"));
        BOOST_TEST(cache.lookUp("used" + std::to_string(i), first) != nullptr);
    }
    cache.insert("new", first, verified("x"));
    BOOST_TEST(cache.lookUp("new", first) == nullptr);
    cache.insert("new", first, verified("x"));
    BOOST_TEST(cache.lookUp("new", first) != nullptr);
    BOOST_TEST(cache.lookUp("used0", first) == nullptr);
    BOOST_TEST(cache.lookUp("used1", first) != nullptr);
}

/// How often `hot` tokens in steady use are found while ten times as many others come once each.
double hitRateInAFlood(std::size_t capacity, int hot) {
    Cache cache(capacity, fnv1a);
    const auto name = [](int i) { return "hot" + std::to_string(i); };
    constexpr int uses = 200'000;
    int found = 0;
    for (int i = 0; i < uses; ++i) {
        cache.insert("cold" + std::to_string(i), first, verified("x"));
        const auto token = name(i % hot);
        if (cache.lookUp(token, first)) {
            ++found;
        } else {
            cache.insert(token, first, verified("x"));
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
        BOOST_TEST_MESSAGE(hot << " tokens in use among 1000 slots: " << rate);
        BOOST_TEST(rate > 0.9);
    }
}

BOOST_AUTO_TEST_CASE(aMillionDifferentTokensNeitherGrowItNorMakeItUseless) {
    constexpr int flood = 1'000'000;
    constexpr int callers = 100;
    constexpr int uses = flood / 10;
    Cache cache(10'000, fnv1a);
    const auto token = verified("x");
    const auto ofCaller = [](int i) { return "caller" + std::to_string(i % callers); };
    for (int i = 0; i < callers; ++i)
        cache.insert(ofCaller(i), first, token);

    int forgotten = 0;
    for (int i = 0; i < flood; ++i) {
        cache.insert("valid" + std::to_string(i), first, token);
        cache.lookUp("invalid" + std::to_string(i), first);
        if (i % 10 == 0 && !cache.lookUp(ofCaller(i / 10), first)) {
            ++forgotten;
            cache.insert(ofCaller(i / 10), first, token);
        }
    }
    const auto counters = cache.counters();
    BOOST_TEST(counters.entries <= counters.capacity);
    BOOST_TEST(counters.bytes <= counters.capacity * VerifiedTokenCache::bytesPerEntry);
    BOOST_TEST(forgotten < uses / 20);
}

BOOST_AUTO_TEST_CASE(olderGenerationsAreEvictedFirst) {
    Cache cache(16, fnv1a);
    for (int i = 0; i < 16; ++i) {
        cache.insert("old" + std::to_string(i), first, verified("x"));
        cache.lookUp("old" + std::to_string(i), first);
    }
    const Generation second{0, 1, 2};
    for (int i = 0; i < 16; ++i)
        cache.insert("new" + std::to_string(i), second, verified("x"));
    for (int i = 0; i < 16; ++i)
        BOOST_TEST(cache.lookUp("new" + std::to_string(i), second) != nullptr);
}

// Readers of a few tokens, some of which are displaced all the time, while the generation moves on: whatever
// a reader is given is the token's own and of the generation that it asked for.
BOOST_AUTO_TEST_CASE(threadsShareItWhileGenerationsPass) {
    Cache cache(64, fnv1a);
    std::atomic<std::uint64_t> generation{1};
    std::atomic<int> wrong{0};
    const auto serve = [&](int thread) {
        for (int i = 0; i < 20'000; ++i) {
            const Generation now{0, 1, generation.load()};
            const auto token = "token" + std::to_string((i * 7 + thread) % (i % 3 == 0 ? 200 : 10));
            const auto subject = token + "/" + std::to_string(now.keys);
            if (const auto known = cache.lookUp(token, now)) {
                if (known->principal.subject != subject) ++wrong;
            } else {
                cache.insert(token, now, verified(subject));
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

// Those who are in use now make room for others in the end, when nobody uses them any more. The tokens are
// spread evenly, so that no set has to hold more new ones than it has places.
BOOST_AUTO_TEST_CASE(tokensOutOfUseAreEvicted) {
    Cache cache(64, [](std::string_view token) { return std::stoul(std::string(token.substr(3))); });
    const auto insertAndUse = [&cache](const std::string& token) {
        bool found = false;
        for (int i = 0; i < 20; ++i) {
            found = cache.lookUp(token, first) != nullptr;
            if (!found) cache.insert(token, first, verified("x"));
        }
        return found;
    };
    for (int i = 0; i < 64; ++i)
        insertAndUse("old" + std::to_string(i));
    int found = 0;
    for (int round = 0; round < 10; ++round) {
        found = 0;
        for (int i = 0; i < 32; ++i)
            found += insertAndUse("new" + std::to_string(i)) ? 1 : 0;
    }
    BOOST_TEST(found == 32);
}

BOOST_AUTO_TEST_CASE(releasesItsTokensWhenItIsDestroyed) {
    std::weak_ptr<const VerifiedToken> watched;
    {
        Cache cache(64, fnv1a);
        auto token = verified("x");
        watched = token;
        cache.insert("a.b.c", first, std::move(token));
        for (int i = 0; i < 3; ++i)
            cache.lookUp("a.b.c", first);
        BOOST_TEST(!watched.expired());
    }
    BOOST_TEST(watched.expired());
}

BOOST_AUTO_TEST_CASE(tokensWithTheSameHashAreToldApart) {
    Cache cache(64, [](std::string_view) { return 7; });
    const auto one = verified("one");
    const auto other = verified("other");
    cache.insert("1.token", first, one);
    cache.insert("2.token", first, other);
    BOOST_TEST(cache.lookUp("1.token", first) == one);
    BOOST_TEST(cache.lookUp("2.token", first) == other);
    BOOST_TEST(cache.lookUp("3.token", first) == nullptr);
    BOOST_TEST(cache.lookUp("token", first) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
