#include "changebank/daemon/process/SignalLoop.h"

#include <signal.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <future>
#include <thread>

using changebank::daemon::SignalLoop;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(SignalLoopTest)

BOOST_AUTO_TEST_CASE(signalsComeOutOneAfterAnother) {
    SignalLoop signals;
    ::kill(::getpid(), SIGHUP);
    ::kill(::getpid(), SIGUSR1);
    const int first = signals.wait();
    const int second = signals.wait();
    BOOST_TEST(first + second == SIGHUP + SIGUSR1);
    BOOST_TEST(!signals.waitFor(0ms).has_value());
}

BOOST_AUTO_TEST_CASE(signalsThatCameBeforeItAreKept) {
    std::thread([] {
        SignalLoop::keepEarlySignals();
        ::pthread_kill(::pthread_self(), SIGHUP);
        SignalLoop signals;
        BOOST_TEST(signals.waitFor(30s).value_or(0) == SIGHUP);
    }).join();
}

BOOST_AUTO_TEST_CASE(tasksRunOnTheThreadThatWaits) {
    SignalLoop signals;
    std::promise<std::thread::id> ran;
    std::jthread other([&] {
        signals.post([&] { ran.set_value(std::this_thread::get_id()); });
        ran.get_future().wait();
        ::kill(::getpid(), SIGTERM);
    });
    BOOST_TEST(signals.wait() == SIGTERM);
    other.join();
    std::promise<void> again;
    signals.post([&] { again.set_value(); });
    BOOST_TEST(!signals.waitFor(0ms).has_value());
    BOOST_TEST((again.get_future().wait_for(0s) == std::future_status::ready));
}

BOOST_AUTO_TEST_CASE(closingBreaksThePromisesOfWaitingTasks) {
    SignalLoop signals;
    const auto ask = [&signals] {
        auto promise = std::make_shared<std::promise<int>>();
        auto future = promise->get_future();
        signals.post([promise] { promise->set_value(1); });
        return future;
    };
    auto before = ask();
    signals.close();
    auto after = ask();
    BOOST_CHECK_THROW(before.get(), std::future_error);
    BOOST_CHECK_THROW(after.get(), std::future_error);
}

BOOST_AUTO_TEST_SUITE_END()
