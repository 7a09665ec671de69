#include "changebank/daemon/settings/SettingsText.h"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string_view>

#include "changebank/daemon/settings/SettingDefinition.h"
#include "changebank/daemon/settings/SettingsReader.h"
#include "changebank/daemon/settings/SettingsReference.h"
#include "changebank/security/refusal/Cause.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

namespace {

std::string contentOf(const std::string& path) {
    std::ifstream file(std::string(CHANGEBANK_SOURCE_DIR "/") + path);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SettingsTextTest)

BOOST_AUTO_TEST_CASE(theShippedFileIsTheGeneratedOne) {
    BOOST_TEST(contentOf("etc/changebank.properties") == exampleSettings(),
               "etc/changebank.properties differs; regenerate it with changebankd --print-defaults");
}

BOOST_AUTO_TEST_CASE(theDocumentsAreTheGeneratedOnes) {
    BOOST_TEST(contentOf("packaging/man/changebank.properties.5") == settingsManualPage(),
               "the manual page differs; regenerate it with settings_reference man");
    BOOST_TEST(contentOf("docs/settings.md") == settingsTable(),
               "docs/settings.md differs; regenerate it with settings_reference markdown");
}

BOOST_AUTO_TEST_CASE(theOperatorsManualExplainsEveryCauseAndCode) {
    const auto manual = contentOf("docs/operation.md");
    for (const auto& traits : changebank::security::allCauses()) {
        BOOST_TEST(manual.find("`" + std::string(traits.name) + "`") != std::string::npos, traits.name);
        if (!traits.code.empty())
            BOOST_TEST(manual.find("`" + std::string(traits.code) + "`") != std::string::npos, traits.code);
    }
}

BOOST_AUTO_TEST_CASE(theDocumentsNameEverySetting) {
    for (const auto& definition : SettingTable::base().all()) {
        const std::string key(definition.key);
        BOOST_TEST(settingsTable().find("| `" + key + "` |") != std::string::npos, key);
        BOOST_TEST(settingsManualPage().find("\n.BR " + key) != std::string::npos, key);
    }
}

BOOST_AUTO_TEST_CASE(theShippedFileNamesEverySettingAndSetsNone) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.file = folder.write("example.properties", exampleSettings());
    const auto parsed = readSettings(sources);
    BOOST_TEST(parsed.ok());
    for (const auto& [key, setting] : parsed.effective) {
        BOOST_TEST(exampleSettings().find("\n#" + key + " =") != std::string::npos, key);
        BOOST_TEST(setting.place == "defaults");
    }
}

BOOST_AUTO_TEST_CASE(withEveryLineTakenInTheDefaultsHold) {
    const TemporaryFolder folder;
    const auto text = std::regex_replace(exampleSettings(), std::regex("(^|\n)#(?=[a-z])"), "$1");
    SettingsSources sources;
    sources.file = folder.write("example.properties", text);
    const auto parsed = readSettings(sources);
    BOOST_REQUIRE(parsed.ok());
    const std::set<std::string_view> derived{"auth.jwks.uri", "page.login", "page.logout"};
    for (const auto& definition : SettingTable::base().all()) {
        const auto& setting = parsed.effective.at(std::string(definition.key));
        BOOST_TEST(setting.place != "defaults", definition.key);
        if (derived.count(definition.key) == 0) BOOST_TEST(setting.text == definition.defaultValue);
    }
}

BOOST_AUTO_TEST_CASE(settingsInEffectReadAsTheyAre) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.defines = {"server.port=0", "auth.tenant=a\\b"};
    const auto first = readSettings(sources);
    SettingsSources printed;
    printed.file = folder.write("printed.properties", effectiveSettings(first));
    const auto second = readSettings(printed);
    BOOST_REQUIRE(second.ok());
    for (const auto& [key, setting] : first.effective)
        BOOST_TEST(second.effective.at(key).text == setting.text);
}

BOOST_AUTO_TEST_CASE(settingsInEffectSayWhereTheyComeFrom) {
    SettingsSources sources;
    sources.defines = {"server.port=0"};
    const auto text = effectiveSettings(readSettings(sources));
    BOOST_TEST(text.find("# from --define\nserver.port = 0\n") != std::string::npos);
    BOOST_TEST(text.find("# from defaults\nauth.jwks.uri = http://localhost:9011/.well-known/jwks.json\n") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
