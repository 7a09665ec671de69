#include "daemon/http/BlockingWorkers.h"

#include <atomic>
#include <boost/test/unit_test.hpp>

#include "tests/unit/http/AddressSpaceLimit.h"
#include "tests/unit/http/TestServer.h"

using namespace changebank::http;
using namespace changebank::http::test;

BOOST_AUTO_TEST_SUITE(BlockingWorkersTest)

BOOST_AUTO_TEST_CASE(RunsEveryTaskOnce) {
    Poco::ThreadPool pool(1, 4);
    std::atomic<int> runs{0};
    BlockingWorkers workers(pool, 4, 1000);
    for (int i = 0; i < 500; ++i)
        BOOST_TEST(workers.submit([&] { ++runs; }));
    workers.join();
    BOOST_TEST(runs == 500);
}

// Without the spare threads thousands of these are refused.
BOOST_AUTO_TEST_CASE(RefusesNoTaskBecauseAThreadHasNotComeToRestYet) {
    Poco::ThreadPool pool(1, 1 + BlockingWorkers::spareThreads);
    BlockingWorkers workers(pool, 1, 1);
    std::size_t refused = 0;
    for (int i = 0; i < 20'000; ++i) {
        refused += workers.submit([] {}) ? 0U : 1U;
        workers.join();
    }
    BOOST_TEST(refused == 0U);
}

BOOST_AUTO_TEST_CASE(QueuesSoManyAndNoMore) {
    Poco::ThreadPool pool(1, 4);
    Gate gate;
    std::atomic<int> runs{0};
    BlockingWorkers workers(pool, 2, 3);
    const auto task = [&] {
        gate.pass();
        ++runs;
    };
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(workers.submit(task));
    gate.awaitVisitors(2);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(workers.submit(task));
    BOOST_TEST(!workers.submit(task));
    gate.open();
    workers.join();
    BOOST_TEST(runs == 5);
    BOOST_TEST(workers.submit(task));
    workers.join();
    BOOST_TEST(runs == 6);
}

BOOST_AUTO_TEST_CASE(DoesWithTheThreadsThatThePoolHas) {
    Poco::ThreadPool pool(1, 1);
    Gate gate;
    std::atomic<int> runs{0};
    BlockingWorkers workers(pool, 8, 8);
    const auto task = [&] {
        gate.pass();
        ++runs;
    };
    BOOST_TEST(workers.submit(task));
    gate.awaitVisitors(1);
    BOOST_TEST(workers.submit(task));
    BlockingWorkers others(pool, 1, 8);
    BOOST_TEST(!others.submit(task));
    gate.open();
    workers.join();
    BOOST_TEST(runs == 2);
}

BOOST_AUTO_TEST_CASE(DoesWithTheThreadsThatTheSystemGives) {
    constexpr int stackSize = 1 << 30;
    Poco::ThreadPool pool(1, 8, 60, stackSize);
    Gate gate;
    std::atomic<int> runs{0};
    BlockingWorkers workers(pool, 8, 8);
    const auto task = [&] {
        gate.pass();
        ++runs;
    };
    BOOST_TEST(workers.submit(task));
    gate.awaitVisitors(1);
    {
        const AddressSpaceLimit noStack(stackSize / 2);
        BlockingWorkers others(pool, 1, 8);
        BOOST_CHECK_NO_THROW(BOOST_TEST(workers.submit(task)));
        BOOST_CHECK_NO_THROW(BOOST_TEST(!others.submit(task)));
    }
    gate.open();
    workers.join();
    BOOST_TEST(runs == 2);
}

BOOST_AUTO_TEST_SUITE_END()
