#include "changebank/daemon/settings/sources/SettingsSources.h"

#include <boost/test/unit_test.hpp>

using namespace changebank::daemon;

BOOST_AUTO_TEST_SUITE(SettingsSourcesTest)

BOOST_AUTO_TEST_CASE(theDefaultFolderGoesWithTheDefaultFile) {
    SettingsSources sources;
    sources.useFile(SettingsSources::defaultFile);
    BOOST_TEST(sources.folder == "/etc/changebank/conf.d");
    BOOST_TEST((sources.pieces == Pieces::optional));
    sources.useFolder("/other");
    BOOST_TEST(sources.folder == "/other");
    BOOST_TEST((sources.pieces == Pieces::required));
    sources.useFile("/etc/changebank/other.properties");
    BOOST_TEST(sources.folder == "");
    BOOST_TEST(SettingsSources::ofTool().folder == "/etc/changebank/conf.d");
    BOOST_TEST((SettingsSources::ofTool().pieces == Pieces::readable));
}

BOOST_AUTO_TEST_SUITE_END()
