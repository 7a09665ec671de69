#include "changebank/daemon/process/MainQueue.h"

#include <signal.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <future>
#include <thread>

using changebank::daemon::MainQueue;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(MainQueueTest)

BOOST_AUTO_TEST_CASE(signalsComeOutOneAfterAnother) {
    MainQueue queue;
    ::kill(::getpid(), SIGHUP);
    ::kill(::getpid(), SIGUSR1);
    const int first = queue.wait();
    const int second = queue.wait();
    BOOST_TEST(first + second == SIGHUP + SIGUSR1);
    BOOST_TEST(!queue.waitFor(0ms).has_value());
}

BOOST_AUTO_TEST_CASE(tasksRunOnTheThreadThatWaits) {
    MainQueue queue;
    std::promise<std::thread::id> ran;
    std::jthread other([&] {
        queue.post([&] { ran.set_value(std::this_thread::get_id()); });
        ran.get_future().wait();
        ::kill(::getpid(), SIGTERM);
    });
    BOOST_TEST(queue.wait() == SIGTERM);
    other.join();
    std::promise<void> again;
    queue.post([&] { again.set_value(); });
    BOOST_TEST(!queue.waitFor(0ms).has_value());
    BOOST_TEST((again.get_future().wait_for(0s) == std::future_status::ready));
}

BOOST_AUTO_TEST_CASE(whoeverWaitsForAClosedQueueLearnsOfIt) {
    MainQueue queue;
    const auto ask = [&queue] {
        auto promise = std::make_shared<std::promise<int>>();
        auto future = promise->get_future();
        queue.post([promise] { promise->set_value(1); });
        return future;
    };
    auto before = ask();
    queue.close();
    auto after = ask();
    BOOST_CHECK_THROW(before.get(), std::future_error);
    BOOST_CHECK_THROW(after.get(), std::future_error);
}

BOOST_AUTO_TEST_SUITE_END()
