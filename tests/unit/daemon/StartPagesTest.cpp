#include "daemon/StartPages.h"

#include <sys/mman.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "daemon/ProcessFigures.h"

using changebank::daemon::ProcessFigures;
using changebank::daemon::releaseStartPages;

namespace {

/// A page of constants, as large as those of any machine.
constexpr std::size_t pageSize = std::size_t{64} * 1024;
alignas(pageSize) const unsigned char constants[pageSize] = {1};  // NOLINT

}  // namespace

BOOST_AUTO_TEST_SUITE(StartPagesTest)

BOOST_AUTO_TEST_CASE(lessIsResidentAfterwards) {
    const auto before = ProcessFigures::now().residentBytes;
    releaseStartPages();
    BOOST_TEST(ProcessFigures::now().residentBytes + 1'000'000U < before);
}

// As a debugger does with the text, and those who move it to large pages.
BOOST_AUTO_TEST_CASE(whatSomebodyWroteOverTheProgramStays) {
    auto* page = const_cast<unsigned char*>(constants);  // NOLINT
    const volatile unsigned char* seen = page;
    BOOST_TEST_REQUIRE(::mprotect(page, pageSize, PROT_READ | PROT_WRITE) == 0);
    *const_cast<volatile unsigned char*>(seen) = 2;  // NOLINT
    BOOST_TEST_REQUIRE(::mprotect(page, pageSize, PROT_READ) == 0);
    releaseStartPages();
    BOOST_TEST(*seen == 2);
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
