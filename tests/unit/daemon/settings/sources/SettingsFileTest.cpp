#include "changebank/daemon/settings/sources/SettingsFile.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/support/TemporaryFolder.h"

using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;
using namespace std::string_literals;

namespace {

struct Fixture {
    TemporaryFolder folder;
    std::string faults;

    /// The text of a file with that content.
    std::string read(const std::string& content) {
        const auto path = folder.write("x.properties", content);
        std::vector<SettingFault> found;
        auto text = readSettingsFile(path, found);
        faults.clear();
        for (const auto& fault : found)
            faults += "FILE" + fault.toText().substr(path.size()) + "\n";
        return text;
    }
};

/// ASCII text in UTF-16 or UTF-32, least significant byte first or last.
std::string wide(const std::string& text, std::size_t width, bool isLittleEndian) {
    std::string bytes;
    for (const char c : text) {
        const std::string zeros(width - 1, '\0');
        bytes += isLittleEndian ? c + zeros : zeros + c;
    }
    return bytes;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(SettingsFileTest, Fixture)

BOOST_AUTO_TEST_CASE(utf8IsRead) {
    for (const auto& text : {"auth.cookie = a\n"s, "# \u00E4\u20AC\U0001F600\n"s, ""s, "a"s, "a\r\n\r\nb"s}) {
        BOOST_TEST(read(text) == text);
        BOOST_TEST(faults == "");
    }
}

BOOST_AUTO_TEST_CASE(aByteOrderMarkAtTheBeginningIsLeftOut) {
    BOOST_TEST(read("\xEF\xBB\xBFserver.port = 1\n") == "server.port = 1\n");
    BOOST_TEST(faults == "");
    BOOST_TEST(read("\xEF\xBB\xBF") == "");
    BOOST_TEST(faults == "");
    BOOST_TEST(read("a = 1\n\xEF\xBB\xBF"
                    "b = 2\n") == "a = 1\n\n");
    BOOST_TEST(faults ==
               "FILE:2: begins with a byte order mark, which may only be at the beginning of the file\n");
}

BOOST_AUTO_TEST_CASE(wideEncodingsAreNamed) {
    const auto text = "server.port = 1\n"s;
    for (const bool isLittleEndian : {true, false}) {
        const auto mark16 = isLittleEndian ? "\xFF\xFE"s : "\xFE\xFF"s;
        const auto mark32 = isLittleEndian ? "\xFF\xFE\0\0"s : "\0\0\xFE\xFF"s;
        BOOST_TEST(read(mark16 + wide(text, 2, isLittleEndian)) == "");
        BOOST_TEST(faults == "FILE:1: is UTF-16; save the file as UTF-8\n");
        BOOST_TEST(read(mark32 + wide(text, 4, isLittleEndian)) == "");
        BOOST_TEST(faults == "FILE:1: is UTF-32; save the file as UTF-8\n");
        BOOST_TEST(read(wide(text, 2, isLittleEndian)) == "");
        BOOST_TEST(faults == "FILE:1: is UTF-16; save the file as UTF-8\n");
    }
}

BOOST_AUTO_TEST_CASE(everyLineInAnotherEncodingIsNamedAndTheOthersAreRead) {
    BOOST_TEST(read("# caf\xE9\nserver.port = 1\nroles.panic = k\xE4se\nlog.level = debug") ==
               "\nserver.port = 1\n\nlog.level = debug");
    BOOST_TEST(faults ==
               "FILE:1: is not UTF-8: byte 0xE9 in column 6 looks like Latin-1 or another 8-bit encoding; "
               "save the file as UTF-8\n"
               "FILE:3: is not UTF-8: byte 0xE4 in column 16 looks like Latin-1 or another 8-bit encoding; "
               "save the file as UTF-8\n");
}

BOOST_AUTO_TEST_CASE(aNulByteIsAFaultOfItsLine) {
    BOOST_TEST(read("server.port = 1\nauth.cookie = a\0b\n"s) == "server.port = 1\n\n");
    BOOST_TEST(faults == "FILE:2: has a NUL byte; the file must be plain text in UTF-8\n");
}

BOOST_AUTO_TEST_SUITE_END()
