#include "changebank/daemon/http/Processors.h"

#include <sched.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using namespace changebank::http;
using changebank::tests::TemporaryFolder;

namespace {

struct Hierarchy {
    void limit(const std::string& group, const std::string& quota) {
        const std::filesystem::path path(folder.file(group));
        std::filesystem::create_directories(path);
        std::ofstream(path / "cpu.max") << quota << '\n';
    }
    std::size_t of(const std::string& group) const {
        return processorQuota(folder.file(""), group).value_or(0);
    }

    TemporaryFolder folder;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ProcessorsTest, Hierarchy)

BOOST_AUTO_TEST_CASE(countsThoseOfTheAffinity) {
    std::size_t found = 0;
    std::thread([&found] {
        cpu_set_t all;
        BOOST_REQUIRE(::sched_getaffinity(0, sizeof(all), &all) == 0);
        std::size_t first = 0;
        while (!CPU_ISSET(first, &all))
            ++first;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(first, &one);
        BOOST_REQUIRE(::sched_setaffinity(0, sizeof(one), &one) == 0);
        found = usableProcessors();
    }).join();
    BOOST_TEST(found == 1U);
    BOOST_TEST(usableProcessors() <= std::thread::hardware_concurrency());
}

BOOST_AUTO_TEST_CASE(roundsAQuotaUp) {
    limit("service", "150000 100000");
    BOOST_TEST(of("/service") == 2U);
    limit("service", "20000 100000");
    BOOST_TEST(of("/service") == 1U);
    limit("service", "400000 100000");
    BOOST_TEST(of("/service") == 4U);
}

BOOST_AUTO_TEST_CASE(theSmallestOfThoseAboveCounts) {
    limit("slice/service", "400000 100000");
    limit("slice", "200000 100000");
    limit("", "max 100000");
    BOOST_TEST(of("/slice/service") == 2U);
    limit("", "100000 100000");
    BOOST_TEST(of("/slice/service") == 1U);
}

BOOST_AUTO_TEST_CASE(withoutAQuotaThereIsNone) {
    BOOST_TEST(of("/") == 0U);
    BOOST_TEST(of("/gone/service") == 0U);
    limit("service", "max 100000");
    BOOST_TEST(of("/service") == 0U);
    limit("service", "many");
    BOOST_TEST(of("/service") == 0U);
    limit("service", "100000 0");
    BOOST_TEST(of("/service") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
