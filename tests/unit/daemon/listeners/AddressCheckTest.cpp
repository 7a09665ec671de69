#include "changebank/daemon/listeners/AddressCheck.h"

#include <Poco/Net/ServerSocket.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/support/TemporaryFolder.h"

using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

namespace {

Settings serverAt(const std::string& host, std::uint16_t port) {
    Settings settings;
    settings.server.host = host;
    settings.server.port = port;
    return settings;
}

/// `KEY: WHY`; empty if there is no fault.
std::string faultOf(ListenerPurpose purpose, const Settings& settings) {
    const auto fault = faultOfAddress(purpose, settings);
    return fault ? fault->key + ": " + fault->why : "";
}

std::string faultOfSocket(const std::string& path) {
    auto settings = serverAt("127.0.0.1", 0);
    settings.admin = {path, true};
    return faultOf(ListenerPurpose::admin, settings);
}

std::string faultOfMetrics(const std::string& host, const std::string& metricsHost,
                           std::uint16_t port = 3000) {
    auto settings = serverAt(host, 3000);
    settings.metrics = {metricsHost, port};
    return faultOf(ListenerPurpose::metrics, settings);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(AddressCheckTest)

BOOST_AUTO_TEST_CASE(aListenerThatIsOffHasNoFault) {
    const auto settings = serverAt("127.0.0.1", 0);
    for (const auto purpose : listenerPurposes)
        BOOST_TEST(faultOf(purpose, settings) == "");
}

BOOST_AUTO_TEST_CASE(anAddressInUseIsNoFaultOfTheSettings) {
    const Poco::Net::ServerSocket other(Poco::Net::SocketAddress("127.0.0.1", 0));
    BOOST_TEST(faultOf(ListenerPurpose::api, serverAt("127.0.0.1", other.address().port())) == "");
}

BOOST_AUTO_TEST_CASE(theHostMustResolveAndBeThisMachine) {
    BOOST_TEST(faultOf(ListenerPurpose::api, serverAt("localhost", 3000)) == "");
    BOOST_TEST(faultOf(ListenerPurpose::api, serverAt("0.0.0.0", 3000)) == "");
    BOOST_TEST(
        faultOf(ListenerPurpose::api, serverAt("no host.invalid", 3000))
            .starts_with("server.host: cannot listen on no host.invalid:3000: the host does not resolve: "));
    BOOST_TEST(faultOf(ListenerPurpose::api, serverAt("192.0.2.1", 3000)) ==
               "server.host: cannot listen on 192.0.2.1:3000: Cannot assign requested address");
    BOOST_TEST(faultOfMetrics("127.0.0.1", "192.0.2.1") ==
               "metrics.host: cannot listen on 192.0.2.1:3000: Cannot assign requested address");
}

BOOST_AUTO_TEST_CASE(twoListenersNeedTwoAddresses) {
    const std::string why = ":3000: server.port has the same address";
    BOOST_TEST(faultOfMetrics("127.0.0.1", "127.0.0.1") == "metrics.port: cannot listen on 127.0.0.1" + why);
    BOOST_TEST(faultOfMetrics("127.0.0.1", "localhost").ends_with(why));
    BOOST_TEST(faultOfMetrics("0.0.0.0", "127.0.0.1").ends_with(why));
    BOOST_TEST(faultOfMetrics("127.0.0.1", "0.0.0.0").ends_with(why));
    BOOST_TEST(faultOfMetrics("127.0.0.1", "127.0.0.2") == "");
    BOOST_TEST(faultOfMetrics("127.0.0.1", "127.0.0.1", 3001) == "");
    auto free = serverAt("127.0.0.1", 0);
    free.metrics = {"127.0.0.1", 0};
    BOOST_TEST(faultOf(ListenerPurpose::metrics, free) == "");
}

BOOST_AUTO_TEST_CASE(theFolderOfASocketMustBeThere) {
    const TemporaryFolder folder;
    BOOST_TEST(faultOfSocket(folder.file("admin.sock")) == "");
    BOOST_TEST(!std::filesystem::exists(folder.file("admin.sock")));
    BOOST_TEST(
        faultOfSocket("/nonexistent/admin.sock") ==
        "admin.socket: cannot listen on /nonexistent/admin.sock: the folder \"/nonexistent/\" is missing; "
        "create the folder or set admin.socket");
}

BOOST_AUTO_TEST_CASE(theApisSocketIsCheckedAndItsPortIsFreeForOthers) {
    const TemporaryFolder folder;
    auto settings = serverAt("192.0.2.1", 3000);
    settings.server.socket = folder.file("api.sock");
    settings.metrics = {"127.0.0.1", 3000};
    BOOST_TEST(faultOf(ListenerPurpose::api, settings) == "");
    BOOST_TEST(faultOf(ListenerPurpose::metrics, settings) == "");
    settings.server.socket = "/nonexistent/api.sock";
    BOOST_TEST(
        faultOf(ListenerPurpose::api, settings) ==
        "server.socket: cannot listen on /nonexistent/api.sock: the folder \"/nonexistent/\" is missing; "
        "create the folder or set server.socket");
}

BOOST_AUTO_TEST_CASE(aSocketsPathHasALimit) {
    const TemporaryFolder folder;
    const auto pathOf = [&folder](std::size_t length) {
        return folder.file(std::string(length - folder.file("").size(), 'x'));
    };
    BOOST_TEST(faultOfSocket(pathOf(107)) == "");
    BOOST_TEST(
        faultOfSocket(pathOf(108)).ends_with("the path of a socket has at most 107 bytes, this one has 108"));
}

BOOST_AUTO_TEST_CASE(aSocketTakesNoOtherFilesPlace) {
    const TemporaryFolder folder;
    BOOST_TEST(faultOfSocket(folder.write("file", ""))
                   .ends_with("another file is in its place; remove it or set another path"));
    BOOST_TEST(std::filesystem::exists(folder.file("file")));
    BOOST_TEST(faultOfSocket(folder.file("")).ends_with("remove it or set another path"));
}

BOOST_AUTO_TEST_CASE(theDefaultAdminSocketAloneMayBeMissing) {
    Settings settings;
    BOOST_TEST(mayBeMissing(ListenerPurpose::admin, settings));
    BOOST_TEST(!mayBeMissing(ListenerPurpose::api, settings));
    settings.admin.isRequired = true;
    BOOST_TEST(!mayBeMissing(ListenerPurpose::admin, settings));
}

BOOST_AUTO_TEST_SUITE_END()
