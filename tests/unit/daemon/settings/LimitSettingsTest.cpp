#include "changebank/daemon/settings/LimitSettings.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "changebank/daemon/settings/SettingsReader.h"

using namespace changebank;
using namespace changebank::daemon;

namespace {

ParsedSettings readLimits(std::vector<std::string> defines) {
    SettingsSources sources;
    sources.defines = std::move(defines);
    return readSettings(sources);
}

std::string faultsOfLimits(std::vector<std::string> defines) {
    std::string text;
    for (const auto& fault : readLimits(std::move(defines)).faults)
        text += fault.key + ": " + fault.why + "\n";
    return text;
}

std::string notesOnLimits(std::vector<std::string> defines) {
    std::string text;
    for (const auto& note : readLimits(std::move(defines)).notes)
        text += note + "\n";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(LimitSettingsTest)

BOOST_AUTO_TEST_CASE(byDefaultNobodyIsLimited) {
    const auto parsed = readLimits({});
    BOOST_TEST(parsed.ok());
    BOOST_TEST(!parsed.settings.limits.isOn());
    BOOST_TEST((parsed.settings.limits == security::CallerLimits::Options()));
}

BOOST_AUTO_TEST_CASE(eachLimitHasItsRateAndItsBurst) {
    const auto parsed =
        readLimits({"limit.client.rate=50", "limit.client.burst=100", "limit.client.ipv4Prefix=24",
                    "limit.client.ipv6Prefix=56", "limit.subject.rate=20", "limit.refused.rate=1",
                    "limit.refused.burst=30", "limit.entries=2000"});
    BOOST_TEST(parsed.ok());
    const security::CallerLimits::Options expected{
        .client = {50, 100}, .subject = {20, 0}, .refused = {1, 30}, .prefixes = {24, 56}, .entries = 2'000};
    BOOST_TEST((parsed.settings.limits == expected));
}

BOOST_AUTO_TEST_CASE(impossibleValuesAreFaults) {
    BOOST_TEST(faultsOfLimits({"limit.client.burst=5", "limit.subject.burst=5", "limit.refused.burst=5"}) ==
               "limit.client.burst: needs limit.client.rate\n"
               "limit.subject.burst: needs limit.subject.rate\n"
               "limit.refused.burst: needs limit.refused.rate\n");
    for (const auto* bad : {"limit.client.rate=10001", "limit.subject.rate=-1", "limit.refused.rate=1.5",
                            "limit.client.burst=100001", "limit.client.ipv4Prefix=33",
                            "limit.client.ipv4Prefix=0", "limit.client.ipv6Prefix=129", "limit.entries=0"})
        BOOST_TEST(!readLimits({"limit.client.rate=1", bad}).ok(), bad);
}

BOOST_AUTO_TEST_CASE(whatIsHardlyMeantIsNoted) {
    BOOST_TEST(notesOnLimits({"limit.client.rate=1", "limit.client.ipv4Prefix=24"}).empty());
    const auto unused =
        notesOnLimits({"limit.client.ipv4Prefix=24", "limit.client.ipv6Prefix=48", "limit.entries=2000"});
    BOOST_TEST(unused.find("limit.client.ipv4Prefix") != std::string::npos, unused);
    BOOST_TEST(unused.find("limit.client.ipv6Prefix") != std::string::npos, unused);
    BOOST_TEST(unused.find("limit.entries") != std::string::npos, unused);
    const auto uncached = notesOnLimits({"limit.refused.rate=1", "auth.cache.entries=0"});
    BOOST_TEST(uncached.find("locks out the whole network") != std::string::npos, uncached);
    const std::vector<std::string> decisions{"limit.client.rate=1", "decision.listen=127.0.0.1:3002",
                                             "decision.rule.1=GET /** public"};
    BOOST_TEST(notesOnLimits(decisions).find("counts the proxy at decision.listen as one client") !=
               std::string::npos);
    auto trusting = decisions;
    trusting.emplace_back("server.trustedProxies=127.0.0.1");
    BOOST_TEST(notesOnLimits(trusting).empty());
}

BOOST_AUTO_TEST_SUITE_END()
