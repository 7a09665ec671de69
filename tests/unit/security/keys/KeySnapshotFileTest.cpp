#include "changebank/security/keys/KeySnapshotFile.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "changebank/security/jose/JwkSet.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::TemporaryFolder;
using namespace std::chrono_literals;

namespace {

const std::string address = "http://localhost:9011/.well-known/jwks.json";
const Clock::Wall confirmed{1'790'000'000s};

/// Why a file is not read; the test fails if it is.
std::string reasonOf(const std::string& path) {
    const auto read = KeySnapshotFile(path, address).read();
    const auto* unreadable = std::get_if<KeySnapshotFile::Unreadable>(&read);
    BOOST_REQUIRE(unreadable != nullptr);
    return unreadable->reason;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(KeySnapshotFileTest)

BOOST_AUTO_TEST_CASE(readsWhatItWrote) {
    const TemporaryFolder folder;
    const KeySnapshotFile file(folder.file("keys.json"), address);
    for (const std::string document : {"{\"keys\":[]}", "", "\"\\\n\x01 caf\xC3\xA9", "second"}) {
        BOOST_TEST(!file.write({document, confirmed + 999ms}).has_value());
        const auto read = file.read();
        BOOST_REQUIRE(std::holds_alternative<KeySnapshotFile::Content>(read));
        BOOST_TEST(std::get<KeySnapshotFile::Content>(read).document == document);
        // Whole seconds, rounded down, so that keys never seem younger than they are.
        BOOST_TEST((std::get<KeySnapshotFile::Content>(read).confirmedAt == confirmed));
    }
    BOOST_TEST(
        (std::filesystem::status(folder.file("keys.json")).permissions() == std::filesystem::perms(0600)));
}

BOOST_AUTO_TEST_CASE(theLargestDocumentFitsHoweverItIsEscaped) {
    const TemporaryFolder folder;
    const KeySnapshotFile file(folder.file("keys.json"), address);
    const std::string document(JwkSet::maxSize, '\x01');
    BOOST_TEST(!file.write({document, confirmed}).has_value());
    const auto read = file.read();
    BOOST_REQUIRE(std::holds_alternative<KeySnapshotFile::Content>(read));
    BOOST_TEST((std::get<KeySnapshotFile::Content>(read).document == document));
}

BOOST_AUTO_TEST_CASE(aFileThatDoesNotExistHasNoReason) {
    const TemporaryFolder folder;
    BOOST_TEST(reasonOf(folder.file("keys.json")).empty());
}

BOOST_AUTO_TEST_CASE(keysOfAnotherAddressAreNotRead) {
    const TemporaryFolder folder;
    const auto path = folder.file("keys.json");
    BOOST_TEST(!KeySnapshotFile(path, address + "/other").write({"{}", confirmed}).has_value());
    BOOST_TEST(reasonOf(path).find(path + ": ") == 0U);
    BOOST_TEST(reasonOf(path).find("another address") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(otherFilesAreNotRead) {
    const TemporaryFolder folder;
    const auto with = [](const std::string& members) {
        return "{\"address\":\"" + address + "\"" + members + "}";
    };
    for (const auto& content :
         {std::string(), std::string("{"), std::string("[]"), with(""), with(R"(,"confirmedAt":1)"),
          with(R"(,"document":"{}")"), with(R"(,"confirmedAt":1,"document":{})"),
          with(R"(,"confirmedAt":"1","document":"{}")"), with(R"(,"confirmedAt":-1,"document":"{}")"),
          with(R"(,"confirmedAt":253402300800,"document":"{}")"),
          with(R"(,"confirmedAt":1e999,"document":"{}")")}) {
        const auto path = folder.write("keys.json", content);
        BOOST_TEST(reasonOf(path) == path + ": not a key snapshot", content);
    }
    BOOST_TEST(!reasonOf(std::filesystem::path(folder.file("x")).parent_path()).empty());
}

BOOST_AUTO_TEST_CASE(aFailedWriteLeavesTheOldFile) {
    const TemporaryFolder folder;
    const auto path = folder.file("keys.json");
    const KeySnapshotFile file(path, address);
    BOOST_TEST(!file.write({"old", confirmed}).has_value());
    std::filesystem::create_directory(path + ".new");
    BOOST_TEST(!file.write({"new", confirmed}).value().empty());
    const auto read = file.read();
    BOOST_REQUIRE(std::holds_alternative<KeySnapshotFile::Content>(read));
    BOOST_TEST(std::get<KeySnapshotFile::Content>(read).document == "old");
}

BOOST_AUTO_TEST_SUITE_END()
