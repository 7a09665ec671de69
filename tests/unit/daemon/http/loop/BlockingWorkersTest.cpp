#include "changebank/daemon/http/loop/BlockingWorkers.h"

#include <atomic>
#include <boost/test/unit_test.hpp>

#include "tests/support/ResourceLimit.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using namespace changebank::http::test;
using changebank::tests::ResourceLimit;

namespace {

/// Waits at a gate, and counts when it has passed.
struct GatedTask {
    Gate gate;
    std::atomic<int> runs{0};
    BlockingWorkers::Task function = [this] {
        gate.pass();
        ++runs;
    };
};

}  // namespace

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

// Without the spare threads thousands of these are rejected.
BOOST_AUTO_TEST_CASE(RejectsNoTaskWhileAThreadIsReturningToThePool) {
    Poco::ThreadPool pool(1, 1 + BlockingWorkers::spareThreads);
    BlockingWorkers workers(pool, 1, 1);
    std::size_t rejected = 0;
    for (int i = 0; i < 20'000; ++i) {
        rejected += workers.submit([] {}) ? 0U : 1U;
        workers.join();
    }
    BOOST_TEST(rejected == 0U);
}

BOOST_AUTO_TEST_CASE(RejectsTasksBeyondTheMaximum) {
    Poco::ThreadPool pool(1, 4);
    GatedTask task;
    BlockingWorkers workers(pool, 2, 3);
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(workers.submit(task.function));
    task.gate.awaitVisitors(2);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(workers.submit(task.function));
    BOOST_TEST(!workers.submit(task.function));
    task.gate.open();
    workers.join();
    BOOST_TEST(task.runs == 5);
    BOOST_TEST(workers.submit(task.function));
    workers.join();
    BOOST_TEST(task.runs == 6);
}

BOOST_AUTO_TEST_CASE(DoesWithTheThreadsThatThePoolHas) {
    Poco::ThreadPool pool(1, 1);
    GatedTask task;
    BlockingWorkers workers(pool, 8, 8);
    BOOST_TEST(workers.submit(task.function));
    task.gate.awaitVisitors(1);
    BOOST_TEST(workers.submit(task.function));
    BlockingWorkers others(pool, 1, 8);
    BOOST_TEST(!others.submit(task.function));
    task.gate.open();
    workers.join();
    BOOST_TEST(task.runs == 2);
}

BOOST_AUTO_TEST_CASE(DoesWithTheThreadsThatTheSystemGives) {
    constexpr int stackSize = 1 << 28;
    Poco::ThreadPool pool(1, 8, 60, stackSize);
    GatedTask task;
    BlockingWorkers workers(pool, 8, 8);
    BOOST_TEST(workers.submit(task.function));
    task.gate.awaitVisitors(1);
    {
        const auto noStack = ResourceLimit::moreAddressSpace(stackSize / 2);
        BlockingWorkers others(pool, 1, 8);
        BOOST_CHECK_NO_THROW(BOOST_TEST(workers.submit(task.function)));
        BOOST_CHECK_NO_THROW(BOOST_TEST(!others.submit(task.function)));
    }
    task.gate.open();
    workers.join();
    BOOST_TEST(task.runs == 2);
}

BOOST_AUTO_TEST_SUITE_END()
