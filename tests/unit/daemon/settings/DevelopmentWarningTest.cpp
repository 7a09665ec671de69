#include "changebank/daemon/settings/DevelopmentWarning.h"

#include <boost/test/unit_test.hpp>

#include "changebank/daemon/settings/SettingsReader.h"

using namespace changebank::daemon;

namespace {

std::string warningFor(std::vector<std::string> defines) {
    SettingsSources sources;
    sources.defines = std::move(defines);
    return developmentWarning(readSettings(sources).settings);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DevelopmentWarningTest)

BOOST_AUTO_TEST_CASE(theKickstartsIssuerAndAudienceAreWarnedOf) {
    BOOST_TEST(warningFor({}).starts_with("auth.issuer and auth.audience are those of the kickstart"));
    BOOST_TEST(!warningFor({"auth.issuer=http://localhost:9011"}).empty());
    const std::string issuer = "auth.issuer=https://id.example.com";
    const std::string audience = "auth.audience=somebody";
    for (const auto& defines : {std::vector{issuer}, std::vector{audience}, std::vector{issuer, audience}})
        BOOST_TEST(warningFor(defines).empty());
}

BOOST_AUTO_TEST_SUITE_END()
