#include "changebank/daemon/settings/files/SecretFile.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/support/TemporaryFolder.h"

using namespace changebank::daemon;
using namespace changebank::tests;

namespace {

struct Fixture {
    std::string read(const std::string& content, mode_t mode = 0640) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
        ::chmod(path.c_str(), mode);
        auto secret = readSecretFile(path, 8);
        if (const auto* bad = std::get_if<BadSecret>(&secret)) return "bad: " + bad->why;
        return std::get<std::string>(secret);
    }

    TemporaryFolder folder;
    const std::string path = folder.file("secret");
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(SecretFileTest, Fixture)

BOOST_AUTO_TEST_CASE(theSecretIsTheContentWithoutTheLineBreak) {
    BOOST_TEST(read("12345678") == "12345678");
    BOOST_TEST(read("12345678\r\n") == "12345678");
    BOOST_TEST(read("1234\n5678\n") == "1234\n5678");
    BOOST_TEST(read(std::string(4096, 'x')).size() == 4096U);
}

BOOST_AUTO_TEST_CASE(aBadFileIsNamedWithoutItsContent) {
    BOOST_TEST(read("1234567\n") == "bad: has less than 8 bytes; fill it by openssl rand -base64 48");
    BOOST_TEST(read(std::string(4097, 'x')) == "bad: has more than 4096 bytes");
    BOOST_TEST(read("12345678", 0644) == "bad: is open to every user of this machine; run chmod o= on it");
    BOOST_TEST(read("12345678", 0642) == "bad: is open to every user of this machine; run chmod o= on it");
    const auto missing = readSecretFile(folder.file("none"), 8);
    BOOST_TEST(std::get<BadSecret>(missing).why == "cannot be read: No such file or directory");
    BOOST_TEST(std::get<BadSecret>(readSecretFile("/tmp", 8)).why == "is a folder");
}

BOOST_AUTO_TEST_SUITE_END()
