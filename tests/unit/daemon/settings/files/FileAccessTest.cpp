#include "changebank/daemon/settings/files/FileAccess.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/support/TemporaryFolder.h"

using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

namespace {

struct Fixture {
    TemporaryFolder folder;

    std::string pipe() const {
        const auto path = folder.file("pipe");
        BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
        return path;
    }
};

std::string text(const std::optional<std::string>& fault) {
    return fault.value_or("");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(FileAccessTest, Fixture)

BOOST_AUTO_TEST_CASE(aRegularFileCanBeRead) {
    BOOST_TEST(text(faultOfReading(folder.write("file", ""))) == "");
    BOOST_TEST(text(faultOfReading(folder.file("none"))) == "cannot be read: No such file or directory");
    BOOST_TEST(text(faultOfReading("/tmp")) == "is a folder");
    // Opening it would wait.
    BOOST_TEST(text(faultOfReading(pipe())) == "is not a regular file");
}

BOOST_AUTO_TEST_CASE(aFileThatIsThereOrCouldBeMadeCanBeAppendedTo) {
    BOOST_TEST(text(faultOfAppending(folder.write("file", ""))) == "");
    BOOST_TEST(text(faultOfAppending(folder.file("new"))) == "");
    BOOST_TEST(!std::filesystem::exists(folder.file("new")));
    BOOST_TEST(text(faultOfAppending("/dev/null")) == "");
    BOOST_TEST(text(faultOfAppending(pipe())) == "");
    BOOST_TEST(text(faultOfAppending("/tmp")) == "\"/tmp\" is a folder");
    BOOST_TEST(text(faultOfAppending("/nonexistent/log")) ==
               "the folder \"/nonexistent/\" cannot be written: No such file or directory");
}

BOOST_AUTO_TEST_CASE(aLinkThatLeadsNowhereIsFollowed) {
    std::filesystem::create_symlink("/nonexistent/log", folder.file("link"));
    std::filesystem::create_symlink("link", folder.file("linkToLink"));
    BOOST_TEST(text(faultOfAppending(folder.file("linkToLink"))) ==
               "the folder \"/nonexistent/\" cannot be written: No such file or directory");
    std::filesystem::create_symlink("new", folder.file("good"));
    BOOST_TEST(text(faultOfAppending(folder.file("good"))) == "");
}

BOOST_AUTO_TEST_CASE(aFileIsReplacedInItsFolder) {
    BOOST_TEST(text(faultOfReplacing(folder.file("new"))) == "");
    BOOST_TEST(text(faultOfReplacing(folder.write("file", ""))) == "");
    BOOST_TEST(text(faultOfReplacing("/tmp")) == "\"/tmp\" is not a regular file");
    BOOST_TEST(text(faultOfReplacing("/nonexistent/keys")) ==
               "the folder \"/nonexistent/\" cannot be written: No such file or directory");
}

BOOST_AUTO_TEST_CASE(oneFileHasManyPaths) {
    const auto file = folder.write("file", "");
    std::filesystem::create_symlink(file, folder.file("link"));
    BOOST_TEST(isOneFile(file, folder.file("link")));
    BOOST_TEST(isOneFile("/nonexistent/a", "/nonexistent/./b/../a"));
    BOOST_TEST(!isOneFile(file, folder.file("other")));
}

BOOST_AUTO_TEST_SUITE_END()
