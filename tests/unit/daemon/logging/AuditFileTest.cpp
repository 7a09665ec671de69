#include "changebank/daemon/logging/AuditFile.h"

#include <Poco/Exception.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <set>
#include <thread>

#include "changebank/base/system/FileDescriptor.h"
#include "tests/support/Eventually.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

namespace {

std::atomic<int> flushes{0};
/// Called before each flush, where a test sets it.
std::function<void()> beforeFlush;

std::multiset<std::string> linesOf(const std::string& path) {
    std::multiset<std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        lines.insert(line);
    return lines;
}

}  // namespace

/// In the place of the C library's: counts.
extern "C" int fdatasync(int file) {
    ++flushes;
    if (beforeFlush) beforeFlush();
    return static_cast<int>(::syscall(SYS_fdatasync, file));
}

BOOST_AUTO_TEST_SUITE(AuditFileTest)

BOOST_AUTO_TEST_CASE(everyLineIsOnTheDiskBeforeItCountsAsWritten) {
    const TemporaryFolder folder;
    AuditFile file(folder.file("audit"));
    for (int line = 1; line <= 3; ++line) {
        const int before = flushes;
        file.append("line");
        BOOST_TEST(flushes == before + 1);
    }
}

BOOST_AUTO_TEST_CASE(linesThatCameDuringAFlushShareTheNext) {
    const TemporaryFolder folder;
    const auto path = folder.file("audit");
    std::promise<void> release;
    std::atomic<bool> isHeld{true};
    beforeFlush = [&, released = release.get_future().share()] {
        if (isHeld.exchange(false)) released.wait();
    };
    const int before = flushes;
    {
        AuditFile file(path);
        const auto append = [&file] { file.append("line"); };
        const std::jthread first(append);
        BOOST_TEST(changebank::tests::eventually([&isHeld] { return !isHeld; }));
        const std::jthread second(append);
        const std::jthread third(append);
        BOOST_TEST(changebank::tests::eventually([&path] { return linesOf(path).size() == 3U; }));
        release.set_value();
    }
    beforeFlush = nullptr;
    BOOST_TEST(flushes == before + 2);
}

BOOST_AUTO_TEST_CASE(aPipeTakesLinesThoughItCannotBeFlushed) {
    const TemporaryFolder folder;
    const auto path = folder.file("pipe");
    BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const FileDescriptor reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    BOOST_REQUIRE(reader);
    BOOST_CHECK_NO_THROW(AuditFile(path).append("line"));
    std::array<char, 16> text{};
    BOOST_TEST(::read(reader.get(), text.data(), text.size()) == 5);
}

BOOST_AUTO_TEST_CASE(linesAreAppendedToWhatIsThere) {
    const TemporaryFolder folder;
    const auto path = folder.write("audit", "before\n");
    AuditFile(path).append("one");
    AuditFile(path).append("two");
    BOOST_TEST((linesOf(path) == std::multiset<std::string>{"before", "one", "two"}));
}

BOOST_AUTO_TEST_CASE(aNewFileIsNotForEverybody) {
    const TemporaryFolder folder;
    const auto path = folder.file("audit");
    const AuditFile file(path);
    struct stat status {};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0137) == 0U);
}

BOOST_AUTO_TEST_CASE(aFullDiskIsNoticed) {
    AuditFile file("/dev/full");
    BOOST_CHECK_THROW(file.append("lost"), Poco::WriteFileException);
}

BOOST_AUTO_TEST_CASE(aFileThatCannotBeOpenedIsNamed) {
    BOOST_CHECK_EXCEPTION(AuditFile("/nonexistent/audit"), Poco::OpenFileException, [](const auto& error) {
        return error.displayText().find("/nonexistent/audit") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(aFileThatWasMovedAwayIsReopened) {
    const TemporaryFolder folder;
    const auto path = folder.file("audit");
    AuditFile file(path);
    file.append("old");
    std::filesystem::rename(path, folder.file("moved"));
    file.append("still old");
    file.reopen();
    file.append("new");
    BOOST_TEST((linesOf(folder.file("moved")) == std::multiset<std::string>{"old", "still old"}));
    BOOST_TEST((linesOf(path) == std::multiset<std::string>{"new"}));
}

BOOST_AUTO_TEST_CASE(linesOfSeveralThreadsStayWhole) {
    const TemporaryFolder folder;
    const auto path = folder.file("audit");
    std::multiset<std::string> expected;
    {
        AuditFile file(path);
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            for (int i = 0; i < 20; ++i)
                expected.insert(std::string(300, static_cast<char>('a' + thread)) + std::to_string(i));
            threads.emplace_back([&file, thread] {
                for (int i = 0; i < 20; ++i)
                    file.append(std::string(300, static_cast<char>('a' + thread)) + std::to_string(i));
            });
        }
    }
    BOOST_TEST((linesOf(path) == expected));
}

BOOST_AUTO_TEST_SUITE_END()
