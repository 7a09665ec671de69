#include "changebank/daemon/logging/AuditFile.h"

#include <Poco/Exception.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "changebank/base/system/FileDescriptor.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::tests::TemporaryFolder;

namespace {

std::atomic<int> flushes{0};
/// The errno value with which flushing fails, 0 if it works.
std::atomic<int> flushFault{0};

std::multiset<std::string> linesOf(const std::string& path) {
    std::multiset<std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        lines.insert(line);
    return lines;
}

}  // namespace

/// In the place of the C library's: counts, and fails where a test asks for it.
extern "C" int fdatasync(int file) {
    ++flushes;
    if (flushFault != 0) {
        errno = flushFault;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fdatasync, file));
}

BOOST_AUTO_TEST_SUITE(AuditFileTest)

BOOST_AUTO_TEST_CASE(everyLineIsOnTheDiskBeforeItCountsAsWritten) {
    const TemporaryFolder folder;
    AuditFile file(folder.file("audit"));
    for (int line = 1; line <= 3; ++line) {
        const int before = flushes;
        file.append("line", 30s);
        BOOST_TEST(flushes == before + 1);
    }
}

BOOST_AUTO_TEST_CASE(aPipeTakesLinesThoughItCannotBeFlushed) {
    const TemporaryFolder folder;
    const auto path = folder.file("pipe");
    BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const FileDescriptor reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    BOOST_REQUIRE(reader);
    BOOST_CHECK_NO_THROW(AuditFile(path).append("line", 30s));
    std::array<char, 16> text{};
    BOOST_TEST(::read(reader.get(), text.data(), text.size()) == 5);
}

BOOST_AUTO_TEST_CASE(linesAreAppendedToWhatIsThere) {
    const TemporaryFolder folder;
    const auto path = folder.write("audit", "before\n");
    AuditFile(path).append("one", 30s);
    AuditFile(path).append("two", 30s);
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
    BOOST_CHECK_THROW(file.append("lost", 30s), Poco::WriteFileException);
}

BOOST_AUTO_TEST_CASE(aLineThatIsNotOnTheDiskDoesNotCountAsWritten) {
    const TemporaryFolder folder;
    AuditFile file(folder.file("audit"));
    flushFault = EIO;
    BOOST_CHECK_THROW(file.append("lost", 30s), Poco::WriteFileException);
    flushFault = 0;
    BOOST_CHECK_NO_THROW(file.append("kept", 30s));
}

BOOST_AUTO_TEST_CASE(aPipeThatNobodyEmptiesHoldsNobodyUp) {
    const TemporaryFolder folder;
    const auto path = folder.file("pipe");
    BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const FileDescriptor reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    AuditFile file(path);
    const std::string line(4000, 'x');
    const auto fill = [&] {
        for (int i = 0; i < 100; ++i)
            file.append(line, 100ms);
    };
    BOOST_CHECK_EXCEPTION(fill(), Poco::WriteFileException, [&path](const auto& error) {
        return error.message() == path + ": not written within 100ms";
    });
    BOOST_CHECK_NO_THROW(file.reopen());
}

BOOST_AUTO_TEST_CASE(aPipeThatNobodyReadsIsRefusedAtOnce) {
    const TemporaryFolder folder;
    const auto path = folder.file("pipe");
    BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    BOOST_CHECK_EXCEPTION(AuditFile{path}, Poco::OpenFileException, [&path](const auto& error) {
        return error.message() == path + ": nobody reads this pipe";
    });
}

BOOST_AUTO_TEST_CASE(aFileThatCannotBeOpenedIsNamed) {
    BOOST_CHECK_EXCEPTION(AuditFile("/nonexistent/audit"), Poco::OpenFileException, [](const auto& error) {
        return error.displayText().find("/nonexistent/audit") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(aFileThatWasRemovedIsMadeAgainForTheNextLine) {
    const TemporaryFolder folder;
    const auto path = folder.file("audit");
    AuditFile file(path);
    file.append("old", 30s);
    std::filesystem::remove(path);
    file.append("new", 30s);
    BOOST_TEST((linesOf(path) == std::multiset<std::string>{"new"}));
}

BOOST_AUTO_TEST_CASE(aFileThatWasMovedAwayOrReplacedGetsNoFurtherLine) {
    const TemporaryFolder folder;
    const auto path = folder.file("audit");
    AuditFile file(path);
    file.append("old", 30s);
    std::filesystem::rename(path, folder.file("moved"));
    file.append("new", 30s);
    std::filesystem::rename(path, folder.file("replaced"));
    folder.write("audit", "");
    file.append("newest", 30s);
    BOOST_TEST((linesOf(folder.file("moved")) == std::multiset<std::string>{"old"}));
    BOOST_TEST((linesOf(folder.file("replaced")) == std::multiset<std::string>{"new"}));
    BOOST_TEST((linesOf(path) == std::multiset<std::string>{"newest"}));
}

BOOST_AUTO_TEST_CASE(aFileThatCannotBeMadeAgainTakesNoLine) {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.file("sub"));
    AuditFile file(folder.file("sub/audit"));
    std::filesystem::remove_all(folder.file("sub"));
    BOOST_CHECK_THROW(file.append("lost", 30s), Poco::WriteFileException);
    std::filesystem::create_directory(folder.file("sub"));
    file.append("new", 30s);
    BOOST_TEST((linesOf(folder.file("sub/audit")) == std::multiset<std::string>{"new"}));
}

BOOST_AUTO_TEST_CASE(aFileThatWasMovedAwayIsReopened) {
    const TemporaryFolder folder;
    const auto path = folder.file("audit");
    AuditFile file(path);
    std::filesystem::rename(path, folder.file("moved"));
    file.reopen();
    BOOST_TEST(std::filesystem::exists(path));
    file.append("new", 30s);
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
                    file.append(std::string(300, static_cast<char>('a' + thread)) + std::to_string(i), 30s);
            });
        }
    }
    BOOST_TEST((linesOf(path) == expected));
}

BOOST_AUTO_TEST_SUITE_END()
