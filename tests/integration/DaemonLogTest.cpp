#include <boost/test/unit_test.hpp>
#include <csignal>
#include <sstream>

#include "security/Json.h"
#include "tests/integration/DaemonProcess.h"

using namespace changebank::tests;
using changebank::security::Json;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    ScriptedKeyServer keys{goodKeys()};

    std::string settings(const std::string& more) const {
        return "auth.jwks.uri = " + keys.uri() + "\n" + more;
    }

    static std::string stop(DaemonProcess& daemon) {
        daemon.process().terminate();
        BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
        return daemon.process().errors();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonLogTest, Fixture)

BOOST_AUTO_TEST_CASE(everyRequestHasALineWithoutItsQuery) {
    DaemonProcess daemon(settings(""));
    BOOST_TEST(daemon.get("/make-change?total=1&secret=sesame", {{"X-Request-Id", "id-1"}}).status == 401);
    BOOST_REQUIRE(daemon.process().waitForLine(
        R"(request "GET" "/make-change" status 401 bytes [0-9]+ ms [0-9]+\.[0-9]{3} id "id-1" from 127\.0\.0\.1:[0-9]+$)",
        30s));
    const auto log = stop(daemon);
    BOOST_TEST(log.find("sesame") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(theAccessLogIsSwitchedByAReload) {
    DaemonProcess daemon(settings("log.access = false\n"));
    daemon.get("/livez", {{"X-Request-Id", "silent"}});
    daemon.rewrite(settings("log.access = true\n"));
    daemon.process().signal(SIGHUP);
    BOOST_REQUIRE(daemon.process().waitForLine("settings reloaded", 30s));
    // The switch comes right behind that line; the first request after it has its own.
    while (daemon.process().errors().find("\"loud\"") == std::string::npos)
        daemon.get("/livez", {{"X-Request-Id", "loud"}});
    BOOST_TEST(stop(daemon).find("silent") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(everyLineIsOneJsonObjectWhereItIsAsked) {
    DaemonProcess daemon(settings("log.format = json\nlog.level = debug\n"));
    daemon.get("/\x7F%0a\"x", {{"Authorization", "Bearer abc"}});
    std::istringstream lines(stop(daemon));
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const auto json = Json::parse(line);
        BOOST_REQUIRE_MESSAGE(json.has_value(), line);
        for (const char* member : {"time", "level", "source", "message"})
            BOOST_TEST(json->find(member)->string() != nullptr);
    }
    BOOST_TEST(count >= 3);
}

BOOST_AUTO_TEST_CASE(anAdminSocketIsNotAcceptedInSilence) {
    Process process(changebankd, {"--check", "--define=admin.socket=/run/x.sock"});
    BOOST_TEST(process.wait().value_or(-1) == 78);
    BOOST_TEST(
        process.errors().find("--define: admin.socket: \"/run/x.sock\": this version has no admin socket") !=
        std::string::npos);
    Process empty(changebankd, {"--check", "--define=admin.socket="});
    BOOST_TEST(empty.wait().value_or(-1) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
