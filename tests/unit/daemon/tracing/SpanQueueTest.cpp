#include "changebank/daemon/tracing/SpanQueue.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/LockCount.h"

using namespace changebank::daemon;
using changebank::tests::LockCount;

namespace {

Span named(const std::string& name) {
    return {.name = name};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SpanQueueTest)

BOOST_AUTO_TEST_CASE(whatComesInGoesOutInItsOrderUpToTheCapacity) {
    SpanQueue queue(3);
    for (int round = 0; round < 3; ++round) {
        BOOST_TEST(!queue.pop().has_value());
        for (const auto* name : {"a", "b", "c", "d"})
            BOOST_TEST(queue.push(named(name)));
        BOOST_TEST(!queue.push(named("e")), "four is the power of two above three");
        BOOST_TEST(queue.size() == 4U);
        for (const auto* name : {"a", "b", "c", "d"})
            BOOST_TEST(std::get<Span>(*queue.pop()).name == name);
        BOOST_TEST(queue.size() == 0U);
    }
}

BOOST_AUTO_TEST_CASE(manyThreadsPutInAndNothingIsLostOrTwice) {
    constexpr int threads = 4;
    constexpr int each = 5'000;
    SpanQueue queue(64);
    std::vector<std::thread> writers;
    for (int t = 0; t < threads; ++t) {
        writers.emplace_back([&queue, t] {
            for (int i = 0; i < each; ++i) {
                while (!queue.push(named(std::to_string(t) + " " + std::to_string(i))))
                    std::this_thread::yield();
            }
        });
    }
    std::vector<int> next(threads, 0);
    bool isInOrder = true;
    for (int taken = 0; taken < threads * each;) {
        const auto item = queue.pop();
        if (!item) {
            std::this_thread::yield();
            continue;
        }
        ++taken;
        const auto& name = std::get<Span>(*item).name;
        const auto blank = name.find(' ');
        const auto writer = static_cast<std::size_t>(std::stoi(name.substr(0, blank)));
        isInOrder = isInOrder && std::stoi(name.substr(blank)) == next[writer]++;
    }
    for (auto& writer : writers)
        writer.join();
    BOOST_TEST(isInOrder);
    BOOST_TEST(!queue.pop().has_value());
}

BOOST_AUTO_TEST_CASE(puttingInTakesNoLock) {
    if (!LockCount::isCounting) return;
    SpanQueue queue(16);
    LockCount::includeThisThread();
    const auto before = LockCount::now();
    for (int i = 0; i < 20; ++i)
        queue.push(Span{});
    BOOST_TEST(LockCount::now() == before);
}

BOOST_AUTO_TEST_SUITE_END()
