#include "changebank/base/system/FileFingerprint.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/support/TemporaryFolder.h"

using changebank::fileFingerprint;
using changebank::tests::TemporaryFolder;

BOOST_AUTO_TEST_SUITE(FileFingerprintTest)

BOOST_AUTO_TEST_CASE(itFollowsTheContentAndNotTheName) {
    const TemporaryFolder folder;
    const auto file = folder.write("file", std::string("one\0two", 7));
    const auto first = fileFingerprint(file);
    BOOST_TEST(!first.empty());
    BOOST_TEST((fileFingerprint(folder.write("copy", std::string("one\0two", 7))) == first));
    folder.write("file", std::string("one\0tow", 7));
    BOOST_TEST((fileFingerprint(file) != first));
    std::filesystem::rename(folder.file("copy"), file);
    BOOST_TEST((fileFingerprint(file) == first));
}

BOOST_AUTO_TEST_CASE(whatCannotBeReadHasNone) {
    const TemporaryFolder folder;
    BOOST_TEST(fileFingerprint("").empty());
    BOOST_TEST(fileFingerprint(folder.file("missing")).empty());
    BOOST_TEST(!fileFingerprint(folder.write("empty", "")).empty());
}

BOOST_AUTO_TEST_SUITE_END()
