#include "changebank/daemon/settings/sources/SettingsFolder.h"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/support/TemporaryFolder.h"

using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

namespace {

struct Fixture {
    TemporaryFolder folder;
    std::vector<SettingFault> faults;

    /// The names of the pieces, each followed by a blank.
    std::string names(Pieces needed = Pieces::required) {
        std::string text;
        for (const auto& path : settingsPieces(folder.file(""), needed, faults)) {
            BOOST_TEST(path == folder.file(std::filesystem::path(path).filename()));
            text += std::filesystem::path(path).filename().string() + " ";
        }
        return text;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(SettingsFolderTest, Fixture)

BOOST_AUTO_TEST_CASE(piecesComeInTheOrderOfTheBytesOfTheirNames) {
    for (const char* name : {"b", "a", "B", "10-a", "9-a", "\xC3\xA4", "a-b", "aa"})
        folder.write(std::string(name) + ".properties", "");
    BOOST_TEST(names() ==
               "10-a.properties 9-a.properties B.properties a-b.properties a.properties aa.properties "
               "b.properties \xC3\xA4.properties ");
    BOOST_TEST(faults.empty());
}

BOOST_AUTO_TEST_CASE(otherEndingsAndHiddenFilesAreSkipped) {
    for (const char* name :
         {"README", "a.properties~", "a.properties.bak", "a.properties.dpkg-old", "a.properties.rpmnew",
          "a.PROPERTIES", "a.conf", "properties", ".a.properties", ".properties", "#a.properties#"})
        folder.write(name, "");
    folder.write("a.properties", "");
    std::filesystem::create_directory(folder.file("b"));
    folder.write("b/c.properties", "");
    BOOST_TEST(names() == "a.properties ");
    BOOST_TEST(faults.empty());
}

BOOST_AUTO_TEST_CASE(aLinkIsAPieceEvenIfItLeadsNowhere) {
    std::filesystem::create_symlink("nowhere", folder.file("a.properties"));
    BOOST_TEST(names() == "a.properties ");
    BOOST_TEST(names(Pieces::readable) == "");
}

BOOST_AUTO_TEST_CASE(anEmptyFolderHasNone) {
    BOOST_TEST(names() == "");
    BOOST_TEST(faults.empty());
}

BOOST_AUTO_TEST_CASE(aMissingFolderIsAFaultWhereItIsRequired) {
    const auto missing = folder.file("missing");
    BOOST_TEST(settingsPieces(missing, Pieces::optional, faults).empty());
    BOOST_TEST(settingsPieces(missing, Pieces::readable, faults).empty());
    BOOST_TEST(faults.empty());
    BOOST_TEST(settingsPieces(missing, Pieces::required, faults).empty());
    BOOST_REQUIRE(faults.size() == 1U);
    BOOST_TEST(faults.front().toText() == missing + ": cannot be read: No such file or directory");
}

BOOST_AUTO_TEST_CASE(aFileInPlaceOfTheFolderIsAFault) {
    const auto file = folder.write("conf.d", "");
    BOOST_TEST(settingsPieces(file, Pieces::readable, faults).empty());
    BOOST_TEST(faults.empty());
    BOOST_TEST(settingsPieces(file, Pieces::optional, faults).empty());
    BOOST_REQUIRE(faults.size() == 1U);
    BOOST_TEST(faults.front().toText() == file + ": cannot be read: Not a directory");
}

BOOST_AUTO_TEST_CASE(thereIsAMaximumOfPieces) {
    for (std::size_t i = 0; i < maxSettingsPieces; ++i)
        folder.write(std::to_string(i) + ".properties", "");
    BOOST_TEST(settingsPieces(folder.file(""), Pieces::required, faults).size() == maxSettingsPieces);
    BOOST_TEST(faults.empty());
    folder.write("x.properties", "");
    BOOST_TEST(settingsPieces(folder.file(""), Pieces::required, faults).empty());
    BOOST_REQUIRE(faults.size() == 1U);
    BOOST_TEST(faults.front().toText() == folder.file("") + ": has more than 1000 pieces");
}

BOOST_AUTO_TEST_CASE(toolsLeaveOutWhatTheyMayNotRead,
                     *boost::unit_test::precondition([](auto) { return ::geteuid() != 0; })) {
    folder.write("a.properties", "");
    std::filesystem::permissions(folder.write("b.properties", ""), std::filesystem::perms::none);
    BOOST_TEST(names(Pieces::readable) == "a.properties ");
    BOOST_TEST(names(Pieces::required) == "a.properties b.properties ");
}

BOOST_AUTO_TEST_SUITE_END()
