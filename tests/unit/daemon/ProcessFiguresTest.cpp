#include "daemon/ProcessFigures.h"

#include <fcntl.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <ctime>

#include "security/FileDescriptor.h"

using changebank::daemon::ProcessFigures;
using changebank::security::FileDescriptor;

BOOST_AUTO_TEST_SUITE(ProcessFiguresTest)

BOOST_AUTO_TEST_CASE(theKernelsFiguresAreFound) {
    const auto before = ProcessFigures::now();
    const FileDescriptor one(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    volatile unsigned work = 0;
    while (ProcessFigures::now().cpuSeconds <= before.cpuSeconds)
        work = work + 1;
    const auto after = ProcessFigures::now();
    BOOST_TEST(after.openDescriptors == before.openDescriptors + 1);
    BOOST_TEST(after.mostDescriptors >= after.openDescriptors);
    BOOST_TEST(after.residentBytes > 1'000'000U);
    BOOST_TEST(after.virtualBytes >= after.residentBytes);
    BOOST_TEST(after.threads >= 1U);
    const auto age = static_cast<double>(std::time(nullptr)) - after.startTimeSeconds;
    BOOST_TEST(age > -2);
    BOOST_TEST(age < 3600);
}

BOOST_AUTO_TEST_SUITE_END()
