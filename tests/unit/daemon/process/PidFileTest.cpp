#include "changebank/daemon/process/PidFile.h"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/process/StartFailure.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

namespace {

std::string contentOf(const std::string& path) {
    std::string line;
    std::ifstream file(path);
    std::getline(file, line);
    return line;
}

/// The status and message with which a second attempt fails.
std::string failureOf(const std::string& path) {
    try {
        const PidFile file(path);
        return "none";
    } catch (const StartFailure& failure) {
        return std::to_string(failure.exitStatus()) + " " + failure.what();
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PidFileTest)

BOOST_AUTO_TEST_CASE(itNamesThisProcessAndGoesWithIt) {
    const TemporaryFolder folder;
    const auto path = folder.file("x.pid");
    {
        const PidFile file(path);
        BOOST_TEST(contentOf(path) == std::to_string(::getpid()));
    }
    BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(aFileThatNobodyHoldsIsTakenOver) {
    const TemporaryFolder folder;
    const auto path = folder.write("x.pid", "1234567890123\n");
    const PidFile file(path);
    const auto process = std::to_string(::getpid());
    BOOST_TEST(contentOf(path) == process);
    BOOST_TEST(std::filesystem::file_size(path) == process.size() + 1);
}

BOOST_AUTO_TEST_CASE(aSecondHolderIsRefusedAndTheFirstUnharmed) {
    const TemporaryFolder folder;
    const auto path = folder.file("x.pid");
    const PidFile first(path);
    BOOST_TEST(failureOf(path) == "69 already running: process " + std::to_string(::getpid()) +
                                      " holds the pid file \"" + path + "\"");
    BOOST_TEST(contentOf(path) == std::to_string(::getpid()));
}

BOOST_AUTO_TEST_CASE(aFileThatCannotBeWrittenIsNamed) {
    BOOST_TEST(failureOf("/nonexistent/x.pid") ==
               "78 cannot write the pid file \"/nonexistent/x.pid\": No such file or directory");
    const TemporaryFolder folder;
    const auto target = folder.write("target", "precious");
    std::filesystem::create_symlink(target, folder.file("link"));
    BOOST_TEST(failureOf(folder.file("link")).find("78 ") == 0U);
    BOOST_TEST(contentOf(target) == "precious");
}

BOOST_AUTO_TEST_SUITE_END()
