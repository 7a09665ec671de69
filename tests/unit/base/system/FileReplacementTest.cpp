#include "changebank/base/system/FileReplacement.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/FileContent.h"
#include "tests/support/TemporaryFolder.h"

using changebank::replaceFile;
using changebank::tests::contentOf;
using changebank::tests::TemporaryFolder;
using std::filesystem::perms;

namespace {

perms modeOf(const std::string& path) {
    return std::filesystem::status(path).permissions();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(FileReplacementTest)

BOOST_AUTO_TEST_CASE(aNewFileHasTheTextAndIsItsOwnersAlone) {
    const TemporaryFolder folder;
    const auto path = folder.file("new");
    const std::string text("one\0two\n", 8);
    BOOST_TEST(!replaceFile(path, text).has_value());
    BOOST_TEST(contentOf(path) == text);
    BOOST_TEST((modeOf(path) == perms(0600)));
}

BOOST_AUTO_TEST_CASE(anOldFileIsReplacedWholeAndNotWrittenTo) {
    const TemporaryFolder folder;
    const auto path = folder.write("file", "a longer text than the new one");
    std::filesystem::permissions(path, perms(0644));
    std::ifstream reader(path);
    BOOST_TEST(!replaceFile(path, "new").has_value());
    BOOST_TEST(contentOf(path) == "new");
    BOOST_TEST((modeOf(path) == perms(0600)));
    BOOST_TEST(!std::filesystem::exists(path + ".new"));
    // A reader that has the old file open still reads all of it.
    std::string old;
    std::getline(reader, old);
    BOOST_TEST(old == "a longer text than the new one");
}

BOOST_AUTO_TEST_CASE(aLeftOverOfAnEarlierAttemptDoesNotMatter) {
    const TemporaryFolder folder;
    const auto leftOver = folder.write("file.new", "a longer text of an earlier attempt");
    std::filesystem::permissions(leftOver, perms(0666));
    BOOST_TEST(!replaceFile(folder.file("file"), "new").has_value());
    BOOST_TEST(contentOf(folder.file("file")) == "new");
    BOOST_TEST((modeOf(folder.file("file")) == perms(0600)));
}

BOOST_AUTO_TEST_CASE(aLinkInPlaceOfTheNewFileIsNotFollowed) {
    const TemporaryFolder folder;
    const auto target = folder.write("target", "precious");
    const auto path = folder.write("file", "old");
    std::filesystem::create_symlink(target, path + ".new");
    const auto reason = replaceFile(path, "new");
    BOOST_REQUIRE(reason.has_value());
    BOOST_TEST(reason->find(path + ".new: ") == 0U);
    BOOST_TEST(contentOf(target) == "precious");
    BOOST_TEST(contentOf(path) == "old");
}

BOOST_AUTO_TEST_CASE(aFolderThatIsMissingIsNamed) {
    const TemporaryFolder folder;
    const auto path = folder.file("missing/file");
    BOOST_TEST(replaceFile(path, "new").value() == path + ".new: No such file or directory");
}

BOOST_AUTO_TEST_CASE(aFileThatCannotTakeThePlaceIsRemoved) {
    const TemporaryFolder folder;
    const auto path = folder.file("occupied");
    std::filesystem::create_directories(path + "/by a folder");
    const auto reason = replaceFile(path, "new");
    BOOST_REQUIRE(reason.has_value());
    BOOST_TEST(reason->find(path + ": ") == 0U);
    BOOST_TEST(std::filesystem::is_directory(path));
    BOOST_TEST(!std::filesystem::exists(path + ".new"));
}

BOOST_AUTO_TEST_SUITE_END()
