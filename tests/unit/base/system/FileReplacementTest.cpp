#include "changebank/base/system/FileReplacement.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using changebank::tests::TemporaryFolder;

namespace {

namespace fs = std::filesystem;

std::string contentOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool isForItsOwnerAlone(const std::string& path) {
    return fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(FileReplacementTest)

BOOST_AUTO_TEST_CASE(makesAFileThatOnlyItsOwnerMayRead) {
    const TemporaryFolder folder;
    const auto path = folder.file("keys");
    BOOST_TEST(!replaceFile(path, "new").has_value());
    BOOST_TEST(contentOf(path) == "new");
    BOOST_TEST(isForItsOwnerAlone(path));
    BOOST_TEST(!fs::exists(path + ".new"));
}

BOOST_AUTO_TEST_CASE(replacesTheContentAndTheModeOfAFile) {
    const TemporaryFolder folder;
    const auto path = folder.write("keys", "something longer");
    fs::permissions(path, fs::perms::all);
    BOOST_TEST(!replaceFile(path, "new").has_value());
    BOOST_TEST(contentOf(path) == "new");
    BOOST_TEST(isForItsOwnerAlone(path));
}

BOOST_AUTO_TEST_CASE(aFileLeftOverFromAnEarlierAttemptLosesItsContentAndItsMode) {
    const TemporaryFolder folder;
    const auto path = folder.file("keys");
    fs::permissions(folder.write("keys.new", "something longer"), fs::perms::all);
    BOOST_TEST(!replaceFile(path, "new").has_value());
    BOOST_TEST(contentOf(path) == "new");
    BOOST_TEST(isForItsOwnerAlone(path));
}

BOOST_AUTO_TEST_CASE(followsNoSymbolicLinkInThePlaceOfTheNewFile) {
    const TemporaryFolder folder;
    const auto path = folder.write("keys", "old");
    const auto victim = folder.write("victim", "untouched");
    fs::create_symlink(victim, path + ".new");
    BOOST_TEST(replaceFile(path, "new").has_value());
    BOOST_TEST(contentOf(victim) == "untouched");
    BOOST_TEST(contentOf(path) == "old");
}

BOOST_AUTO_TEST_CASE(aFolderThatIsNotThereIsAFailureThatNamesTheFile) {
    const TemporaryFolder folder;
    const auto failure = replaceFile(folder.file("no/keys"), "new");
    BOOST_REQUIRE(failure.has_value());
    BOOST_TEST(failure->find(folder.file("no/keys.new")) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
