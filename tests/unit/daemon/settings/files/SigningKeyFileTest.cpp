#include "changebank/daemon/settings/files/SigningKeyFile.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include <string>

#include "tests/support/PrivatePem.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/support/TestKey.h"

using namespace changebank::daemon;
using namespace changebank::security;
using namespace changebank::tests;

namespace {

struct Fixture {
    TemporaryFolder folder;
    const std::string pem = TestKey::shared(KeyFamily::p256).privatePem();

    std::string faultOf(const std::string& content, mode_t mode = 0640) const {
        const auto path = folder.write("key.pem", content);
        BOOST_REQUIRE(::chmod(path.c_str(), mode) == 0);
        return faultOfFile(path);
    }

    static std::string faultOfFile(const std::string& path) {
        const auto read = readSigningKey(path);
        const auto* bad = std::get_if<BadSigningKey>(&read);
        return bad ? bad->why : "none";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(SigningKeyFileTest, Fixture)

BOOST_AUTO_TEST_CASE(aPrivateKeyThatIsKeptFromOthersIsRead) {
    BOOST_TEST(faultOf(pem) == "none");
    BOOST_TEST(faultOf(pem, 0400) == "none");
    BOOST_TEST(faultOf("\xEF\xBB\xBF" + pem) == "none");
    BOOST_TEST(faultOf(newPrivatePem("RSA", std::size_t{4096})) == "none");
}

BOOST_AUTO_TEST_CASE(aFileThatEverybodyMayUseIsRefusedWithTheRemedy) {
    for (const mode_t mode : {0644U, 0602U, 0601U})
        BOOST_TEST(faultOf(pem, mode) == "is open to every user of this machine; run chmod o= on it");
}

BOOST_AUTO_TEST_CASE(aFileThatCannotBeReadIsRefused) {
    BOOST_TEST(faultOfFile(folder.file("none")) == "cannot be read: No such file or directory");
    BOOST_TEST(faultOfFile(folder.file("")) == "is a folder");
    BOOST_REQUIRE(::mkfifo(folder.file("pipe").c_str(), S_IRUSR | S_IWUSR) == 0);
    BOOST_TEST(faultOfFile(folder.file("pipe")) == "is not a regular file");
}

BOOST_AUTO_TEST_CASE(theSizeIsBounded) {
    constexpr std::size_t maxSize = std::size_t{16} * 1024;
    const std::string filling(maxSize - pem.size(), '\n');
    BOOST_TEST(faultOf(pem + filling) == "none");
    BOOST_TEST(faultOf(pem + filling + "\n") == "has more than 16384 bytes");
}

BOOST_AUTO_TEST_CASE(whatIsNoUsableKeyIsNamed) {
    BOOST_TEST(faultOf("").starts_with("has no complete PEM block"));
    BOOST_TEST(faultOf(TestKey::shared(KeyFamily::p256).publicPem()) ==
               "has a public key instead of the private one");
}

BOOST_AUTO_TEST_SUITE_END()
