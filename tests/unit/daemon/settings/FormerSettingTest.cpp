#include "changebank/daemon/settings/FormerSetting.h"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <regex>

#include "changebank/daemon/settings/SettingsReader.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

namespace {

struct Row {
    std::string former;
    std::string replacement;
};

/// The rows of the table of removed settings.
std::vector<Row> removedSettings() {
    std::ifstream file(CHANGEBANK_SOURCE_DIR "/docs/upgrading.md");
    const std::regex row("\\| `(logging\\.[^`]+)` \\| `([^`]+)` \\|");
    std::vector<Row> rows;
    std::smatch match;
    for (std::string line; std::getline(file, line);)
        if (std::regex_match(line, match, row)) rows.push_back({match[1], match[2]});
    return rows;
}

std::vector<SettingFault> faultsOf(const std::string& line) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.file = folder.write("test.properties", line + "\n");
    return readSettings(sources).faults;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(FormerSettingTest)

BOOST_AUTO_TEST_CASE(everyRowOfTheDocumentIsAFaultThatNamesTheReplacement) {
    const auto rows = removedSettings();
    BOOST_TEST(rows.size() >= 14U);
    for (const auto& [former, replacement] : rows) {
        const auto faults = faultsOf(former);
        BOOST_TEST_REQUIRE(faults.size() == 1U, former);
        BOOST_TEST(faults[0].why == "not a setting since 1.0.0; instead: " + replacement + " (upgrading.md)");
    }
}

BOOST_AUTO_TEST_CASE(everyReplacementIsASettingOfToday) {
    const TemporaryFolder folder;
    for (const auto& [former, replacement] : removedSettings()) {
        if (replacement == "logrotate") continue;
        // The folder of a file must exist.
        const auto line =
            std::regex_replace(replacement, std::regex("PATH|/var/log/.*"), folder.file("changebank.log"));
        BOOST_TEST(faultsOf(line).empty(), line);
    }
}

BOOST_AUTO_TEST_CASE(aKeyThatNeverWasASettingHasNoReplacement) {
    for (const auto* key : {"", "log", "log.level", "logging", "loggings.x", "completely.different"})
        BOOST_TEST(!replacementOf(key, "x").has_value(), key);
}

BOOST_AUTO_TEST_CASE(aValueThatIsLongOrNotPlainIsNotRepeated) {
    const auto path = [](const std::string& value) {
        return replacementOf("logging.channels.f.path", value).value_or("");
    };
    BOOST_TEST(path("/x y") == "log.target = file:/x y");
    BOOST_TEST(path("/" + std::string(199, 'x')) == "log.target = file:/" + std::string(199, 'x'));
    for (const auto& value :
         {std::string(), std::string("relative/x.log"), "/" + std::string(200, 'x'), std::string("/\n"),
          std::string("/\x1b[1m"), std::string("/\x7f"), std::string("/\u00e4")})
        BOOST_TEST(path(value) == "log.target = file:PATH");
    for (const auto* value : {"\x1b", "none", "7", "INFORMATION", ""})
        BOOST_TEST(replacementOf("logging.loggers.root.level", value).value_or("") == "log.level = LEVEL",
                   value);
    BOOST_TEST(replacementOf("logging.loggers.audit.level", "debug").value_or("") == "log.level = LEVEL");
    for (const auto* value : {"NullChannel", "AsyncChannel", "SplitterChannel"})
        BOOST_TEST(replacementOf("logging.channels.c.class", value).value_or("") == "log.target", value);
}

BOOST_AUTO_TEST_SUITE_END()
