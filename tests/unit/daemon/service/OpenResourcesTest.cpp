#include "changebank/daemon/service/OpenResources.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>

#include "tests/support/FileContent.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank::daemon;
using changebank::tests::contentOf;
using changebank::tests::TemporaryFolder;

namespace {

Settings settingsWith(const std::string& auditFile) {
    Settings settings;
    settings.server.host = "127.0.0.1";
    settings.server.port = 0;
    settings.auditFile = auditFile;
    return settings;
}

OpenResources opened(const Settings& settings, const OpenResources& before = {}) {
    std::vector<OpenResources::Fault> faults;
    auto openings = before.forSettings(settings, faults);
    for (const auto& fault : faults)
        BOOST_ERROR(fault.key + ": " + fault.why);
    return openings;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(OpenResourcesTest)

BOOST_AUTO_TEST_CASE(withoutAnAuditFileTheLogTakesTheTrail) {
    BOOST_TEST(opened(settingsWith("")).audit == nullptr);
}

BOOST_AUTO_TEST_CASE(anAuditFileThatStaysIsReopenedWhereItWasMovedAway) {
    const TemporaryFolder folder;
    const auto settings = settingsWith(folder.file("audit"));
    const auto first = opened(settings);
    first.audit->append("old", std::chrono::seconds(30));
    std::filesystem::rename(settings.auditFile, folder.file("moved"));
    const auto second = opened(settings, first);
    BOOST_TEST(second.audit == first.audit);
    second.audit->append("new", std::chrono::seconds(30));
    BOOST_TEST(contentOf(folder.file("moved")) == "old\n");
    BOOST_TEST(contentOf(settings.auditFile) == "new\n");
}

BOOST_AUTO_TEST_CASE(anotherAuditFileIsOpenedAndTheFirstLeftAsItIs) {
    const TemporaryFolder folder;
    const auto first = opened(settingsWith(folder.file("one")));
    const auto second = opened(settingsWith(folder.file("other")), first);
    second.audit->append("line", std::chrono::seconds(30));
    BOOST_TEST(contentOf(folder.file("one")).empty());
    BOOST_TEST(contentOf(folder.file("other")) == "line\n");
}

BOOST_AUTO_TEST_CASE(anAuditFileThatCannotBeOpenedIsAFaultOfItsSetting) {
    const TemporaryFolder folder;
    std::vector<OpenResources::Fault> faults;
    OpenResources{}.forSettings(settingsWith(folder.file("no/audit")), faults);
    BOOST_REQUIRE(faults.size() == 1U);
    BOOST_TEST(faults[0].key == "audit.file");
    BOOST_TEST(faults[0].status == exitConfiguration);
}

BOOST_AUTO_TEST_CASE(anAddressThatCannotBeBoundIsAFaultOfItsSetting) {
    auto settings = settingsWith("");
    const auto first = opened(settings);
    settings.server.port = first.sockets.of(ListenerPurpose::api)->socket.address().port();
    std::vector<OpenResources::Fault> faults;
    OpenResources{}.forSettings(settings, faults);
    BOOST_REQUIRE(faults.size() == 1U);
    BOOST_TEST(faults[0].key == "server.port");
    BOOST_TEST(faults[0].status == exitUnavailable);
}

BOOST_AUTO_TEST_SUITE_END()
