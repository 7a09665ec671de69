#include "daemon/SettingsText.h"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <regex>
#include <sstream>

#include "daemon/SettingDefinition.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

BOOST_AUTO_TEST_SUITE(SettingsTextTest)

BOOST_AUTO_TEST_CASE(theShippedFileIsTheGeneratedOne) {
    std::ifstream file(CHANGEBANK_SOURCE_DIR "/etc/changebank.properties");
    std::ostringstream shipped;
    shipped << file.rdbuf();
    BOOST_TEST(shipped.str() == exampleSettings(),
               "etc/changebank.properties differs; write it anew with changebankd --print-defaults");
}

BOOST_AUTO_TEST_CASE(theShippedFileNamesEverySettingAndSetsNone) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.file = folder.write("example.properties", exampleSettings());
    const auto reading = readSettings(sources);
    BOOST_TEST(reading.good());
    for (const auto& [key, setting] : reading.effective) {
        BOOST_TEST(exampleSettings().find("\n#" + key + " =") != std::string::npos, key);
        BOOST_TEST(setting.place == "defaults");
    }
}

BOOST_AUTO_TEST_CASE(withEveryLineTakenInTheDefaultsHold) {
    const TemporaryFolder folder;
    const auto text = std::regex_replace(exampleSettings(), std::regex("(^|\n)#(?=[a-z])(?!logging)"), "$1");
    SettingsSources sources;
    sources.file = folder.write("example.properties", text);
    const auto reading = readSettings(sources);
    BOOST_REQUIRE(reading.good());
    for (const auto& definition : settingDefinitions()) {
        const auto& setting = reading.effective.at(std::string(definition.key));
        BOOST_TEST(setting.place != "defaults", definition.key);
        if (definition.key != "auth.jwks.uri") BOOST_TEST(setting.text == definition.standard);
    }
}

BOOST_AUTO_TEST_CASE(settingsInEffectReadAsTheyAre) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.defines = {"server.port=0", "auth.tenant=a\\b", "logging.channels.c.class=ConsoleChannel"};
    const auto first = readSettings(sources);
    SettingsSources printed;
    printed.file = folder.write("printed.properties", effectiveSettings(first));
    const auto second = readSettings(printed);
    BOOST_REQUIRE(second.good());
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

BOOST_AUTO_TEST_CASE(secretsAreMasked) {
    SettingsSources sources;
    sources.defines = {"logging.channels.mail.Password=hunter2"};
    const auto text = effectiveSettings(readSettings(sources));
    BOOST_TEST(text.find("logging.channels.mail.Password = ********\n") != std::string::npos);
    BOOST_TEST(text.find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
