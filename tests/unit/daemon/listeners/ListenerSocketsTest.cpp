#include "changebank/daemon/listeners/ListenerSockets.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/support/TemporaryFolder.h"
#include "tests/unit/daemon/RecordingLog.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

namespace {

Settings settings(std::uint16_t port = 0) {
    Settings settings;
    settings.server.host = "127.0.0.1";
    settings.server.port = port;
    return settings;
}

ListenerSockets bound(const Settings& settings, const ListenerSockets& before = {}) {
    std::vector<AddressFault> faults;
    auto sockets = before.rebound(settings, faults);
    for (const auto& fault : faults)
        BOOST_ERROR(fault.why);
    return sockets;
}

int portOf(const ListenerSockets& sockets, ListenerPurpose purpose = ListenerPurpose::api) {
    return sockets.of(purpose)->socket.address().port();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ListenerSocketsTest)

BOOST_AUTO_TEST_CASE(whatSettingsAskForIsBound) {
    const TemporaryFolder folder;
    auto all = settings();
    all.metrics = {"127.0.0.1", 0};
    all.admin = {folder.file("admin.sock"), true};
    const auto sockets = bound(all);
    BOOST_TEST(portOf(sockets) != 0);
    BOOST_TEST(portOf(sockets, ListenerPurpose::metrics) != 0);
    struct stat status {};
    BOOST_REQUIRE(::stat(all.admin.socket.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0660U);
    BOOST_TEST(S_ISSOCK(status.st_mode));

    const auto few = bound(settings());
    BOOST_TEST(few.of(ListenerPurpose::metrics) == nullptr);
    BOOST_TEST(few.of(ListenerPurpose::admin) == nullptr);
}

BOOST_AUTO_TEST_CASE(asMovedFromTheyHoldNothingOpen) {
    auto first = bound(settings());
    const auto address = first.of(ListenerPurpose::api)->socket.address();
    {
        const auto second = std::move(first);
        BOOST_CHECK_NO_THROW(Poco::Net::StreamSocket{address});
    }
    BOOST_CHECK_THROW(Poco::Net::StreamSocket{address}, Poco::Net::ConnectionRefusedException);
}

BOOST_AUTO_TEST_CASE(whatFitsIsKept) {
    const auto first = bound(settings());
    const auto second = bound(settings(), first);
    BOOST_TEST(portOf(first) == portOf(second));
    auto named = settings();
    named.server.port = first.of(ListenerPurpose::api)->socket.address().port();
    BOOST_TEST(bound(named, first).of(ListenerPurpose::api) == first.of(ListenerPurpose::api));
    auto elsewhere = settings();
    elsewhere.server.host = "127.0.0.2";
    BOOST_TEST(bound(elsewhere, first).of(ListenerPurpose::api)->socket.address().host().toString() ==
               "127.0.0.2");
}

BOOST_AUTO_TEST_CASE(everyAddressThatIsTakenIsAFault) {
    const TemporaryFolder folder;
    const auto first = bound(settings());
    auto taken = settings(static_cast<std::uint16_t>(portOf(first)));
    taken.metrics = {"127.0.0.1", static_cast<std::uint16_t>(portOf(first))};
    taken.admin = {folder.file("missing/admin.sock"), true};
    std::vector<AddressFault> faults;
    static_cast<void>(ListenerSockets().rebound(taken, faults));
    BOOST_REQUIRE(faults.size() == 3U);
    BOOST_TEST(faults[0].why.find("cannot listen on 127.0.0.1:" + std::to_string(portOf(first))) == 0U);
    BOOST_TEST(faults[1].key == "metrics.port");
    BOOST_TEST(faults[2].key == "admin.socket");
}

BOOST_AUTO_TEST_CASE(anAdminSocketThatNobodyAskedForMayBeMissing) {
    const RecordingLog log(Poco::Message::PRIO_TRACE);
    const TemporaryFolder folder;
    auto missing = settings();
    missing.admin = {folder.file("missing/admin.sock"), false};
    BOOST_TEST(bound(missing).of(ListenerPurpose::admin) == nullptr);
    BOOST_TEST(log.text().find("4 cannot listen on ") == 0U);
    BOOST_TEST(log.text().find("changebankctl cannot reach this daemon") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(aSocketFileIsReplacedIfNobodyListensOnItAndRemovedAtTheEnd) {
    const TemporaryFolder folder;
    auto admin = settings();
    admin.admin = {folder.file("admin.sock"), true};
    {
        const auto first = bound(admin);
        std::vector<AddressFault> faults;
        static_cast<void>(ListenerSockets().rebound(admin, faults));
        BOOST_REQUIRE(faults.size() == 1U);
        BOOST_TEST(faults[0].why.find("another process listens there") != std::string::npos);
        BOOST_TEST(faults[0].why.find("create the folder") == std::string::npos);
        BOOST_TEST(std::filesystem::exists(admin.admin.socket));
        // As after a crash: the file stays, the listener is gone.
        std::filesystem::create_hard_link(admin.admin.socket, folder.file("stale"));
    }
    BOOST_TEST(!std::filesystem::exists(admin.admin.socket));
    std::filesystem::rename(folder.file("stale"), admin.admin.socket);
    const auto second = bound(admin);
    BOOST_TEST(second.of(ListenerPurpose::admin) != nullptr);
}

BOOST_AUTO_TEST_CASE(aFileThatTookItsPlaceIsLeftAlone) {
    const TemporaryFolder folder;
    auto admin = settings();
    admin.admin = {folder.file("admin.sock"), true};
    {
        const auto sockets = bound(admin);
        std::filesystem::remove(admin.admin.socket);
        folder.write("admin.sock", "another's");
    }
    BOOST_TEST(std::filesystem::exists(admin.admin.socket));
}

BOOST_AUTO_TEST_CASE(passedSocketsStayWhateverSettingsSay) {
    const auto one = bound(settings()).of(ListenerPurpose::api)->socket;
    const auto two = bound(settings()).of(ListenerPurpose::api)->socket;
    const auto passed = ListenerSockets::from({{"changebank.socket", one}, {"metrics", two}});
    auto before = settings(1);
    before.metrics.host = "127.0.0.1";
    const auto kept = bound(before, passed);
    BOOST_TEST(portOf(kept) == one.address().port());
    BOOST_TEST(portOf(kept, ListenerPurpose::metrics) == two.address().port());
    auto after = before;
    after.server.port = 2;
    const auto ignored = kept.ignoredByActivation(before, after);
    BOOST_REQUIRE(ignored.size() == 1U);
    BOOST_TEST((ignored.front() == ListenerPurpose::api));
    BOOST_TEST(kept.ignoredByActivation(before, before).empty());
}

BOOST_AUTO_TEST_CASE(aSocketIsPassedToItsPurposeByItsName) {
    for (const auto purpose : listenerPurposes) {
        const auto socket = bound(settings()).of(ListenerPurpose::api)->socket;
        const auto passed = ListenerSockets::from({{std::string(nameOf(purpose)), socket}});
        for (const auto other : listenerPurposes)
            BOOST_TEST((passed.of(other) != nullptr) == (other == purpose));
    }
}

BOOST_AUTO_TEST_CASE(theDecisionEndpointHasASocketOfItsOwnThatItsGroupMayUse) {
    const TemporaryFolder folder;
    auto both = settings();
    both.decision.listen = ListenerAddress::parse(folder.file("decision.sock"));
    const auto sockets = bound(both);
    BOOST_TEST(sockets.of(ListenerPurpose::decision)->socket.address().toString() ==
               folder.file("decision.sock"));
    struct stat status {};
    BOOST_TEST(::stat(folder.file("decision.sock").c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0660U);
    both.decision.listen.reset();
    BOOST_TEST(bound(both, sockets).of(ListenerPurpose::decision) == nullptr);
}

BOOST_AUTO_TEST_CASE(anAddressIsWrittenAsPeopleWriteIt) {
    BOOST_TEST((ListenerAddress{"::1", 80}.toText()) == "[::1]:80");
    BOOST_TEST((ListenerAddress{"localhost", 80}.toText()) == "localhost:80");
    BOOST_TEST((ListenerAddress{"/run/x", std::nullopt}.toText()) == "/run/x");
}

BOOST_AUTO_TEST_SUITE_END()
