#include "changebank/security/keys/KeySnapshotFile.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::TemporaryFolder;
using namespace std::chrono_literals;

namespace {

const std::string address = "https://keys.example/jwks.json";

/// Why a file with this text is not read.
std::string reasonFor(const std::string& text) {
    const TemporaryFolder folder;
    const auto path = folder.write("keys", text);
    const auto read = KeySnapshotFile(path, address).read();
    const auto* unreadable = std::get_if<KeySnapshotFile::Unreadable>(&read);
    return unreadable != nullptr ? unreadable->reason.substr(path.size()) : "read";
}

std::string snapshotOf(const std::string& time, const std::string& from = address) {
    return R"({"address":")" + from + R"(","confirmedAt":)" + time + R"(,"document":"{}"})";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(KeySnapshotFileTest)

BOOST_AUTO_TEST_CASE(whatIsWrittenIsReadAgainInWholeSeconds) {
    const TemporaryFolder folder;
    const KeySnapshotFile file(folder.file("keys"), address);
    const Clock::Wall time(1'790'000'000s);
    BOOST_TEST(!file.write({"{\"keys\":[\n]}", time + 900ms}).has_value());
    const auto read = file.read();
    BOOST_REQUIRE(std::holds_alternative<KeySnapshotFile::Content>(read));
    BOOST_TEST(std::get<KeySnapshotFile::Content>(read).document == "{\"keys\":[\n]}");
    BOOST_TEST((std::get<KeySnapshotFile::Content>(read).confirmedAt == time));
}

BOOST_AUTO_TEST_CASE(aFileThatIsNotThereHasNoReason) {
    const TemporaryFolder folder;
    const auto read = KeySnapshotFile(folder.file("keys"), address).read();
    BOOST_REQUIRE(std::holds_alternative<KeySnapshotFile::Unreadable>(read));
    BOOST_TEST(std::get<KeySnapshotFile::Unreadable>(read).reason.empty());
}

BOOST_AUTO_TEST_CASE(theKeysOfAnotherAddressAreNotRead) {
    BOOST_TEST(reasonFor(snapshotOf("0")) == "read");
    BOOST_TEST(reasonFor(snapshotOf("0", "https://other.example/")).find("another address") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(aTimeBefore1970OrBeyondTheYear9999IsNoSnapshot) {
    BOOST_TEST(reasonFor(snapshotOf("253402300799")) == "read");
    for (const char* time : {"-1", "253402300800", "1e300", "1e400", "\"0\"", "null"})
        BOOST_TEST(reasonFor(snapshotOf(time)) == ": not a key snapshot", time);
}

BOOST_AUTO_TEST_CASE(whatIsNoSuchObjectIsNoSnapshot) {
    for (const char* text : {"", "[]", "{}", R"({"address":"x","confirmedAt":0})", R"({"document":"{}"})"})
        BOOST_TEST(reasonFor(text) == ": not a key snapshot", text);
}

BOOST_AUTO_TEST_SUITE_END()
