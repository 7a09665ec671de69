#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <regex>
#include <sstream>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/base/text/Json.h"
#include "tests/integration/ControlProcess.h"
#include "tests/support/Eventually.h"

using namespace changebank::tests;
using changebank::FileDescriptor;
using changebank::Json;
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
        R"(request "GET" "/make-change" route "/make-change" status 401 bytes [0-9]+ ms [0-9]+\.[0-9]{3} )"
        R"(refused missing_token id "id-1" from 127\.0\.0\.1:[0-9]+$)",
        30s));
    const auto log = stop(daemon);
    BOOST_TEST(log.find("sesame") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(theLineOfAKnownCallerSaysWhoItWas) {
    DaemonProcess daemon(settings(""));
    const auto token = goodToken("customer").claim("sub", R"("eve\nadmin")").signedBy(signingKey());
    BOOST_TEST(daemon.get("/Make-Change/?total=1", bearer(token)).status == 200);
    BOOST_TEST(daemon.post("/panic", bearer(token)).status == 403);
    BOOST_TEST(daemon.get("/favicon.ico", bearer(token)).status == 404);
    const auto log = stop(daemon);
    const auto has = [&log](const std::string& text) { return log.find(text) != std::string::npos; };
    BOOST_TEST(has(R"(request "GET" "/Make-Change/" route "/make-change" status 200 )"), log);
    BOOST_TEST(has(R"(subject "eve\u000aadmin" id ")"), log);
    BOOST_TEST(has(R"(subject "eve\u000aadmin" refused role_missing id ")"), log);
    BOOST_TEST(has(R"(request "GET" "/favicon.ico" route "unmatched" status 404 )"), log);
    BOOST_TEST(!has(token), log);
}

BOOST_AUTO_TEST_CASE(aJsonLineOfARequestHasMembersOfItsOwn) {
    DaemonProcess daemon(settings("log.format = json\n"));
    auto headers = bearer(goodToken("customer").claim("sub", R"("e\"v\ne")").signedBy(signingKey()));
    headers["X-Request-Id"] = "id-1";
    BOOST_TEST(daemon.post("/panic?secret=sesame", headers).status == 403);
    std::istringstream lines(stop(daemon));
    for (std::string line; std::getline(lines, line);) {
        if (line.find("\"request\"") == std::string::npos) continue;
        const auto json = Json::parse(line);
        BOOST_REQUIRE_MESSAGE(json.has_value(), line);
        const auto text = [&json](const char* member) { return *json->find(member)->string(); };
        BOOST_TEST(text("message") == "request");
        BOOST_TEST(text("method") == "POST");
        BOOST_TEST(text("path") == "/panic");
        BOOST_TEST(text("route") == "/panic");
        BOOST_TEST(text("subject") == "e\"v\ne");
        BOOST_TEST(text("refused") == "role_missing");
        BOOST_TEST(text("id") == "id-1");
        BOOST_TEST(text("client").substr(0, 10) == "127.0.0.1:");
        BOOST_TEST(line.find(R"("status":403,"bytes":)") != std::string::npos);
        BOOST_TEST(line.find(R"(,"milliseconds":)") != std::string::npos);
        return;
    }
    BOOST_ERROR("no line of a request");
}

BOOST_AUTO_TEST_CASE(theAccessLogIsSwitchedByAReload) {
    DaemonProcess daemon(settings("log.access = false\n"));
    daemon.get("/me", {{"X-Request-Id", "silent"}});
    daemon.rewrite(settings("log.access = true\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    daemon.get("/me", {{"X-Request-Id", "loud"}});
    const auto log = stop(daemon);
    BOOST_TEST(log.find("\"loud\"") != std::string::npos);
    BOOST_TEST(log.find("silent") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(probesLeaveTheLogUnlessTheyFailOrAreAskedFor) {
    DaemonProcess daemon(settings(""));
    BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s));
    for (const char* path : {"/livez", "/readyz", "/LIVEZ/"})
        BOOST_TEST(daemon.get(path, {{"X-Request-Id", "silent"}}).status == 200);
    BOOST_TEST(daemon.post("/livez", {{"X-Request-Id", "failed"}}).status == 405);
    daemon.rewrite(settings("log.access.probes = true\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(daemon.get("/readyz", {{"X-Request-Id", "loud"}}).status == 200);
    const auto metrics = control(daemon, {"metrics"}).output;
    BOOST_TEST(std::regex_search(metrics,
                                 std::regex(R"(changebank_http_requests_total\{[^}]*"/readyz"[^}]*\} 2\n)")),
               metrics);
    const auto log = stop(daemon);
    BOOST_TEST(log.find("silent") == std::string::npos, log);
    for (const char* id : {"\"failed\"", "\"loud\""})
        BOOST_TEST(log.find(id) != std::string::npos, log);
}

BOOST_AUTO_TEST_CASE(aReadinessProbeThatFailsIsLogged) {
    keys.play(ScriptedKeyServer::status(503));
    DaemonProcess daemon(settings(""));
    BOOST_TEST(daemon.get("/readyz", {{"X-Request-Id", "unready"}}).status == 503);
    BOOST_TEST(stop(daemon).find("\"unready\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(aReaderOfStandardErrorThatStallsHoldsUpNobody) {
    const TemporaryFolder folder;
    const auto pipe = folder.file("pipe");
    BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    const FileDescriptor reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    const auto socket = folder.file("admin.sock");
    Process daemon("/bin/sh", {"-c",
                               "exec \"$0\" --define=server.port=0 --define=log.buffer=16KiB "
                               "--define=log.access.probes=true "
                               "--define=auth.jwks.uri=" +
                                   keys.uri() + " --define=admin.socket=" + socket + " 2>" + pipe,
                               changebankd});
    std::string log;
    const auto readLog = [&] {
        std::string text(1 << 16, '\0');
        const auto length = ::read(reader.get(), text.data(), text.size());
        if (length > 0) log.append(text, 0, static_cast<std::size_t>(length));
    };
    const std::regex listening("listening on 127\\.0\\.0\\.1:([0-9]+)\n");
    std::smatch match;
    BOOST_REQUIRE(eventually([&] {
        readLog();
        return std::regex_search(log, match, listening);
    }));
    const auto port = static_cast<std::uint16_t>(std::stoi(match[1]));
    // The pipe takes 64 KiB and a line has more than 100 bytes.
    for (int i = 0; i < 2000; ++i)
        BOOST_REQUIRE(request(port, "GET", "/livez").status == 200);
    const auto panic = goodToken("teller").signedBy(signingKey());
    BOOST_TEST(request(port, "POST", "/panic", bearer(panic)).status == 503);
    const auto metrics = runToEnd(changebankctl, {"metrics", "--socket=" + socket}).output;
    BOOST_TEST(std::regex_search(metrics, std::regex("changebank_log_lines_lost_total [1-9]")), metrics);
    const auto status = runToEnd(changebankctl, {"status", "--socket=" + socket}).output;
    BOOST_TEST(std::regex_search(status, std::regex("log level +information; [1-9][0-9]* lines lost")),
               status);
    BOOST_REQUIRE(eventually([&] {
        readLog();
        return log.find("log lines were lost here") != std::string::npos;
    }));
    BOOST_TEST(request(port, "POST", "/panic", bearer(panic)).status == 200);
    for (int i = 0; i < 2000; ++i)
        BOOST_REQUIRE(request(port, "GET", "/livez").status == 200);
    daemon.terminate();
    BOOST_TEST(daemon.wait(10s).value_or(-1) == 0);
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

BOOST_AUTO_TEST_SUITE_END()
