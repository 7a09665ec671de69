#include "security/VerifiedTokenCache.h"

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

}  // namespace

BOOST_AUTO_TEST_SUITE(VerifiedTokenCacheTest)

BOOST_AUTO_TEST_CASE(findsWhatItRemembers) {
    VerifiedTokenCache cache(100);
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
    VerifiedTokenCache cache(100);
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
    VerifiedTokenCache cache(64);
    for (int i = 0; i < 10'000; ++i)
        cache.remember("token" + std::to_string(i), first, verified("x"));
    BOOST_TEST(cache.counters().entries <= cache.counters().capacity);
    BOOST_TEST(cache.counters().capacity == 64U);
    const std::string longest(VerifiedTokenCache::longestToken, 'x');
    cache.remember(longest, first, verified("x"));
    BOOST_TEST(cache.find(longest, first) != nullptr);
    cache.remember(longest + "x", first, verified("x"));
    BOOST_TEST(cache.find(longest + "x", first) == nullptr);
}

// A million callers who come once do not push out those who come again and again.
BOOST_AUTO_TEST_CASE(tokensInUseSurviveAFloodOfOthers) {
    VerifiedTokenCache cache(1000);
    constexpr int hot = 50;
    const auto name = [](int i) { return "hot" + std::to_string(i); };
    for (int i = 0; i < hot; ++i)
        cache.remember(name(i), first, verified("x"));
    int lost = 0;
    for (int i = 0; i < 200'000; ++i) {
        cache.remember("cold" + std::to_string(i), first, verified("x"));
        if (i % 20 != 0) continue;
        const auto token = name((i / 20) % hot);
        if (!cache.find(token, first)) {
            ++lost;
            cache.remember(token, first, verified("x"));
        }
    }
    BOOST_TEST_MESSAGE("lost " << lost << " of 10000");
    BOOST_TEST(lost < 500);
}

BOOST_AUTO_TEST_CASE(olderGenerationsMakeRoomFirst) {
    VerifiedTokenCache cache(8);
    for (int i = 0; i < 8; ++i) {
        cache.remember("old" + std::to_string(i), first, verified("x"));
        cache.find("old" + std::to_string(i), first);
    }
    const Generation second{2, 1};
    for (int i = 0; i < 8; ++i)
        cache.remember("new" + std::to_string(i), second, verified("x"));
    for (int i = 0; i < 8; ++i)
        BOOST_TEST(cache.find("new" + std::to_string(i), second) != nullptr);
}

BOOST_AUTO_TEST_CASE(threadsMayShareIt) {
    VerifiedTokenCache cache(64);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&cache] {
            for (int i = 0; i < 20'000; ++i) {
                const auto token = "token" + std::to_string(i % 200);
                if (const auto known = cache.find(token, first)) {
                    if (known->principal.subject != token)
                        throw std::logic_error("another caller's principal");
                } else {
                    cache.remember(token, first, verified(token));
                }
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    const auto counters = cache.counters();
    BOOST_TEST(counters.hits + counters.misses == 80'000U);
}

BOOST_AUTO_TEST_SUITE_END()
