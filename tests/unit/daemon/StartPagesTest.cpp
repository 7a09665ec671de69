#include "daemon/StartPages.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "daemon/ProcessFigures.h"

using changebank::daemon::ProcessFigures;
using changebank::daemon::releaseStartPages;

BOOST_AUTO_TEST_SUITE(StartPagesTest)

BOOST_AUTO_TEST_CASE(lessIsResidentAfterwards) {
    const auto before = ProcessFigures::now().residentBytes;
    releaseStartPages();
    BOOST_TEST(ProcessFigures::now().residentBytes + 1'000'000U < before);
}

// Code, constants and what the unwinder reads come back by themselves, also to a thread that is at work.
BOOST_AUTO_TEST_CASE(everythingWorksOn) {
    std::atomic<bool> done{false};
    std::atomic<std::size_t> caught{0};
    std::thread worker([&] {
        while (!done) {
            try {
                throw std::runtime_error(std::to_string(caught.load()));
            } catch (const std::runtime_error&) {
                ++caught;
            }
        }
    });
    for (int i = 0; i < 20; ++i) {
        releaseStartPages();
        const auto now = caught.load();
        while (caught < now + 10)
            std::this_thread::yield();
    }
    done = true;
    worker.join();
    BOOST_TEST(caught >= 200U);
}

BOOST_AUTO_TEST_SUITE_END()
