#include "changebank/daemon/logging/RecentDenials.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

using namespace changebank::daemon;

namespace {

Denial denialOf(const std::string& path) {
    Denial denial{};
    denial.path.set(path);
    return denial;
}

/// The sequence numbers and paths, as `1/a 2/b, last 2`.
std::string textOf(const RecentDenials::Found& found) {
    std::string text;
    for (const auto& denial : found.denials)
        text += std::to_string(denial.sequence) + std::string(denial.path.view()) + " ";
    return text + "last " + std::to_string(found.last);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RecentDenialsTest)

BOOST_AUTO_TEST_CASE(theLastOnesAreFoundTheOldestFirst) {
    RecentDenials recent(3);
    BOOST_TEST(textOf(recent.after(0, 10)) == "last 0");
    for (const auto* path : {"/a", "/b"})
        recent.add(denialOf(path));
    BOOST_TEST(textOf(recent.after(0, 10)) == "1/a 2/b last 2");
    BOOST_TEST(textOf(recent.after(1, 10)) == "2/b last 2");
    BOOST_TEST(textOf(recent.after(0, 1)) == "2/b last 2");
    BOOST_TEST(textOf(recent.after(2, 10)) == "last 2");
    BOOST_TEST(textOf(recent.after(7, 10)) == "last 2");
    for (const auto* path : {"/c", "/d", "/e"})
        recent.add(denialOf(path));
    BOOST_TEST(textOf(recent.after(0, 10)) == "3/c 4/d 5/e last 5");
    BOOST_TEST(textOf(recent.after(1, 10)) == "3/c 4/d 5/e last 5");
    BOOST_TEST(textOf(recent.after(3, 10)) == "4/d 5/e last 5");
}

BOOST_AUTO_TEST_CASE(longTextIsCutBetweenCharacters) {
    Denial denial{};
    denial.method.set("PROPFIND12345678");
    BOOST_TEST(denial.method.view() == "PROPFIND12345678");
    denial.method.set("PROPFIND123456789");
    BOOST_TEST(denial.method.view() == "PROPFIND12345...");
    denial.method.set("PROPFIND1234\u00E4\u00E4\u00E4");
    BOOST_TEST(denial.method.view() == "PROPFIND1234...");
    denial.method.set("");
    BOOST_TEST(denial.method.view() == "");
    denial.path.set(std::string(100'000, '/'));
    BOOST_TEST(denial.path.view().size() == 160U);
}

BOOST_AUTO_TEST_CASE(itsMemoryIsFixed) {
    BOOST_TEST(sizeof(Denial) <= 1'024U);
    BOOST_TEST(std::is_trivially_copyable_v<Denial>);
    RecentDenials recent;
    const auto denial = denialOf("/a");
    for (int i = 0; i < 3'000; ++i)
        recent.add(denial);
    BOOST_TEST(recent.after(0, 5'000).denials.size() == RecentDenials::defaultCapacity);
}

BOOST_AUTO_TEST_CASE(threadsAddAndReadAtTheSameTime) {
    RecentDenials recent(8);
    std::atomic<bool> isWrong{false};
    std::vector<std::thread> threads;
    for (int writer = 0; writer < 2; ++writer) {
        threads.emplace_back([&recent, denial = denialOf(std::string(150, static_cast<char>('a' + writer)))] {
            for (int i = 0; i < 5'000; ++i)
                recent.add(denial);
        });
    }
    threads.emplace_back([&] {
        std::uint64_t last = 0;
        while (last < 10'000) {
            const auto found = recent.after(last, 8);
            for (const auto& denial : found.denials) {
                const auto path = denial.path.view();
                if (denial.sequence <= last || path != std::string(150, path.front())) isWrong = true;
                last = denial.sequence;
            }
        }
    });
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(!isWrong);
    BOOST_TEST(recent.after(0, 1).last == 10'000U);
}

BOOST_AUTO_TEST_SUITE_END()
