#include "changebank/daemon/metrics/ProcessStats.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "changebank/base/system/FileDescriptor.h"
#include "tests/support/Eventually.h"

using changebank::FileDescriptor;
using changebank::daemon::ProcessStats;
using changebank::tests::eventually;

BOOST_AUTO_TEST_SUITE(ProcessStatsTest)

BOOST_AUTO_TEST_CASE(theKernelsFiguresAreFound) {
    const auto before = ProcessStats::now();
    const FileDescriptor one(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    BOOST_REQUIRE(eventually([&before] {
        volatile unsigned work = 0;
        while (work < 1'000'000)
            work = work + 1;
        return ProcessStats::now().cpuSeconds > before.cpuSeconds;
    }));
    const auto after = ProcessStats::now();
    BOOST_TEST(after.openDescriptors == before.openDescriptors + 1);
    BOOST_TEST(after.maxDescriptors >= after.openDescriptors);
    BOOST_TEST(after.residentBytes > 0U);
    BOOST_TEST(after.virtualBytes >= after.residentBytes);
    BOOST_TEST(after.threads >= 1U);
}

BOOST_AUTO_TEST_CASE(theStartIsThatOfTheProcess) {
    const auto now = [] {
        return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    };
    const auto before = now();
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        const auto start = ProcessStats::now().startTimeSeconds;
        ::_exit(start > before - 1 && start < now() + 1 ? 0 : 1);
    }
    int status = -1;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
