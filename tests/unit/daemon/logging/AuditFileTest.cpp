#include "changebank/daemon/logging/AuditFile.h"

#include <Poco/Exception.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

namespace {

std::multiset<std::string> linesOf(const std::string& path) {
    std::multiset<std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        lines.insert(line);
    return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(AuditFileTest)

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
