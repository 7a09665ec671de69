#include <Poco/Net/StreamSocket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>

#include "changebank/base/text/Json.h"
#include "tests/integration/ControlProcess.h"
#include "tests/support/Contains.h"
#include "tests/support/Eventually.h"
#include "tests/support/OnlyIf.h"

using namespace changebank::tests;
using changebank::Json;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    ScriptedKeyServer keys{goodKeys()};

    std::string settings(const std::string& more = {}) const {
        return "auth.jwks.uri = " + keys.uri() + "\n" + more;
    }
};

/// Waits until a listener that another one took over from is closed.
void awaitEndOf(const std::string& socket) {
    BOOST_REQUIRE(eventually([&] { return !std::filesystem::exists(socket); }));
}

/// What the admin socket answers to octets.
std::string rawAnswer(const DaemonProcess& daemon, const std::string& request) {
    Poco::Net::StreamSocket socket;
    socket.connect(Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, daemon.adminSocket()));
    socket.setReceiveTimeout(Poco::Timespan(30, 0));
    socket.sendBytes(request.data(), static_cast<int>(request.size()));
    std::string answer;
    char buffer[4096];
    for (int count = 0; (count = socket.receiveBytes(buffer, sizeof buffer)) > 0;)
        answer.append(buffer, static_cast<std::size_t>(count));
    return answer;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonAdminTest, Fixture)

BOOST_AUTO_TEST_CASE(statusShowsWhatTheDaemonIsDoing) {
    const DaemonProcess daemon(settings("metrics.port = 0\n"));
    const auto customer = bearer(goodToken("customer").signedBy(signingKey()));
    BOOST_TEST(daemon.get("/make-change?total=1", customer).status == 200);
    BOOST_TEST(daemon.get("/make-change?total=1", customer).status == 200);
    BOOST_TEST(daemon.post("/panic", customer).status == 403);
    BOOST_TEST(daemon.get("/make-change").status == 401);

    const auto table = control(daemon, {"status"});
    BOOST_TEST(table.status == 0);
    const auto port = std::to_string(daemon.port());
    BOOST_TEST(has(table.output, "serving for "), table.output);
    BOOST_TEST(has(table.output, "api on 127.0.0.1:" + port + "\n"));
    BOOST_TEST(has(table.output, "metrics on 127.0.0.1:"));
    BOOST_TEST(has(table.output, "admin on " + daemon.adminSocket()));
    BOOST_TEST(has(table.output, "4 total; by status: 200 2, 401 1, 403 1"), table.output);
    BOOST_TEST(has(table.output, "missing_token 1, role_missing 1"));
    BOOST_TEST(has(table.output, "1 usable, "));
    BOOST_TEST(has(table.output, "next refresh in "));
    BOOST_TEST(has(table.output, "to the log: 1 recorded, 0 failed"));
    BOOST_TEST(has(table.output, "generation 1; reloads: 0 succeeded, 0 failed"));

    const auto printed = control(daemon, {"--json", "status"}).output;
    const auto json = Json::parse(printed.substr(0, printed.find('\n')));
    BOOST_REQUIRE(json);
    BOOST_TEST(*json->find("state")->string() == "serving");
    BOOST_TEST(json->find("requests")->find("byStatus")->find("401")->number()->text == "1");
    BOOST_TEST(json->find("tokenCache")->find("hits")->number()->value() >= 1);
    BOOST_TEST(json->find("keys")->find("lastError")->isNull());
}

BOOST_AUTO_TEST_CASE(aListOfRevocationsSaysHowManyThereAreInAll) {
    const TemporaryFolder folder;
    const DaemonProcess daemon(settings("revocation.file = " + folder.file("revocations") + "\n"));
    for (const std::string user : {"u1", "u2", "u3"})
        BOOST_TEST(control(daemon, {"revoke", "user", user}).status == 0);
    BOOST_TEST(control(daemon, {"revoke", "session", "s"}).status == 0);
    const auto counts = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"--json", "revocations"});
        const auto printed = control(daemon, arguments).output;
        const auto json = Json::parse(printed.substr(0, printed.find('\n')));
        BOOST_REQUIRE_MESSAGE(json, printed);
        return std::to_string(json->find("revocations")->array()->size()) + " of " +
               json->find("total")->number()->text;
    };
    BOOST_TEST(counts({}) == "4 of 4");
    BOOST_TEST(counts({"--limit=2"}) == "2 of 4");
    BOOST_TEST(counts({"--limit=1", "--user=u2"}) == "1 of 1");
}

BOOST_AUTO_TEST_CASE(whereNobodyListensTheStatusIs3) {
    const TemporaryFolder folder;
    for (const std::string command : {"status", "reload", "keys", "metrics", "config", "revocations"}) {
        const auto ended = runToEnd(changebankctl, {command, "--socket=" + folder.file("none")});
        BOOST_TEST(ended.status == 3, command);
        BOOST_TEST(has(ended.errors, "changebankd is not running"));
        BOOST_TEST(ended.output == "");
    }
    std::string socket;
    {
        const DaemonProcess daemon(settings());
        socket = daemon.adminSocket();
        BOOST_TEST(control(daemon, {"status"}).status == 0);
    }
    BOOST_TEST(runToEnd(changebankctl, {"status", "--socket=" + socket}).status == 3);
}

BOOST_AUTO_TEST_CASE(theSocketIsFoundThroughTheSettings) {
    const DaemonProcess daemon(settings());
    const auto ended =
        runToEnd(changebankctl, {"status"}, {{"CHANGEBANK_ADMIN_SOCKET", daemon.adminSocket()}});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(runToEnd(changebankctl, {"status"}, {{"CHANGEBANK_ADMIN_SOCKET", ""}}).status == 78);
}

BOOST_AUTO_TEST_CASE(aProcessIsAskedWhereverItsSocketIs) {
    const TemporaryFolder folder;
    const auto at = [&](const std::string& name) { return "admin.socket = " + folder.file(name) + "\n"; };
    const auto file = folder.write("c.properties", settings(at("one")));
    Process daemon(changebankd, {"--config=" + file, "--define=server.port=0"});
    daemon.waitForPort();
    const auto ask = [id = "--pid=" + std::to_string(daemon.id())](const std::string& command) {
        return runToEnd(changebankctl, {command, id});
    };
    BOOST_TEST(has(ask("status").output, "admin on " + folder.file("one")));

    // The settings name the new socket already, and the daemon still listens on the old one.
    folder.write("c.properties", settings(at("two")));
    const auto reloaded = ask("reload");
    BOOST_TEST(reloaded.status == 0, reloaded.errors);
    BOOST_TEST(reloaded.output == "reloaded: settings of generation 2 serve\n");
    awaitEndOf(folder.file("one"));
    BOOST_TEST(has(ask("status").output, "admin on " + folder.file("two")));

    folder.write("c.properties", settings("admin.socket =\n"));
    BOOST_TEST(ask("reload").status == 0);
    awaitEndOf(folder.file("two"));
    const auto silent = ask("status");
    BOOST_TEST(silent.status == 78);
    BOOST_TEST(has(silent.errors, " has no admin socket"));
    folder.write("c.properties", settings("roles.panic = customer\n" + at("three")));
    const auto signalled = ask("reload");
    BOOST_TEST(signalled.status == 0);
    BOOST_TEST(has(signalled.output, "sent SIGHUP instead, see its log for the outcome"), signalled.output);
    BOOST_REQUIRE(daemon.waitForLine("admin served on .*three", 30s));
    BOOST_TEST(has(ask("status").output, "generation 4"));
}

// The kernel lists them in no order that says what they are for.
BOOST_AUTO_TEST_CASE(theAdminSocketIsFoundBesideThoseOfOtherListeners) {
    const TemporaryFolder folder;
    const auto others = "server.socket = " + folder.file("api") +
                        "\ndecision.listen = " + folder.file("decision") +
                        "\ndecision.rule.1 = GET /** public\n";
    const auto file =
        folder.write("c.properties", settings(others + "admin.socket = " + folder.file("admin") + "\n"));
    Process daemon(changebankd, {"--config=" + file});
    BOOST_REQUIRE(daemon.waitForLine("decision served on", 30s));
    const auto id = "--pid=" + std::to_string(daemon.id());
    BOOST_TEST(has(runToEnd(changebankctl, {"status", id}).output, "admin on " + folder.file("admin")));

    folder.write("c.properties", settings(others + "admin.socket =\n"));
    BOOST_TEST(runToEnd(changebankctl, {"reload", id}).status == 0);
    awaitEndOf(folder.file("admin"));
    const auto silent = runToEnd(changebankctl, {"status", id});
    BOOST_TEST(silent.status == 78);
    BOOST_TEST(has(silent.errors, " has no admin socket"), silent.errors);
}

BOOST_AUTO_TEST_CASE(aProcessThatIsNoDaemonIsLeftAlone) {
    Process another("/bin/sleep", {"60"});
    for (const auto& [process, why] : {std::pair{std::to_string(another.id()), "is not changebankd"},
                                       std::pair{std::string("2147483647"), "is not running"}}) {
        const auto ended = runToEnd(changebankctl, {"reload", "--pid=" + process});
        BOOST_TEST(ended.status == 3);
        BOOST_TEST(has(ended.errors, "process " + process + " " + why), ended.errors);
    }
    BOOST_TEST(!another.wait(0ms).has_value());
    for (const std::string wrong : {"", "0", "-1", "x", "1x"})
        BOOST_TEST(runToEnd(changebankctl, {"status", "--pid=" + wrong}).status == 64, wrong);
    BOOST_TEST(runToEnd(changebankctl, {"status", "--pid=1", "--socket=/x"}).status == 64);
}

BOOST_AUTO_TEST_CASE(aReloadAnswersWhenTheNewSettingsServe) {
    DaemonProcess daemon(settings());
    const auto customer = bearer(goodToken("customer").signedBy(signingKey()));
    BOOST_TEST(daemon.post("/panic", customer).status == 403);
    daemon.rewrite(settings("roles.panic = customer\n"));
    const auto reloaded = control(daemon, {"reload"});
    BOOST_TEST(reloaded.status == 0);
    BOOST_TEST(reloaded.output == "reloaded: settings of generation 2 serve\n");
    BOOST_TEST(daemon.post("/panic", customer).status == 200);
}

BOOST_AUTO_TEST_CASE(aFaultyReloadNamesEveryFaultAndChangesNothing) {
    DaemonProcess daemon(settings());
    const auto customer = bearer(goodToken("customer").signedBy(signingKey()));
    daemon.rewrite(settings("roles.panic = customer\nserver.prot = 1\naudit.file = /nonexistent/audit\n"));
    const auto refused = control(daemon, {"reload"});
    BOOST_TEST(refused.status == 78);
    BOOST_TEST(refused.output == "");
    BOOST_TEST(refused.errors ==
               daemon.file() + ":3: server.prot: unknown key; did you mean server.port?\n" + daemon.file() +
                   ":4: audit.file: the folder \"/nonexistent/\" cannot be written: No such file or "
                   "directory\nchangebankctl: not reloaded; the old settings stay in effect\n");
    BOOST_TEST(daemon.post("/panic", customer).status == 403);
    BOOST_TEST(rawAnswer(daemon,
                         "POST /reload HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: "
                         "close\r\n\r\n")
                   .rfind("HTTP/1.1 422 ", 0) == 0U);
    const auto status = control(daemon, {"status"}).output;
    BOOST_TEST(has(status, "generation 1; reloads: 0 succeeded, 2 failed"), status);
    BOOST_TEST(has(status, "server.prot: unknown key"));
}

BOOST_AUTO_TEST_CASE(keysAreShownAndFetchedAnew) {
    DaemonProcess daemon(settings());
    BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s));
    const auto shown = control(daemon, {"keys"});
    BOOST_TEST(shown.status == 0);
    BOOST_TEST(has(shown.output, "kid \"k1\", RSA 2048 bits, RS256 only"), shown.output);
    const auto before = keys.hits();
    BOOST_TEST(control(daemon, {"keys", "refresh"}).status == 0);
    BOOST_TEST(keys.hits() == before + 1);
    keys.play(ScriptedKeyServer::status(500));
    const auto failed = control(daemon, {"keys", "refresh"});
    BOOST_TEST(failed.status == 69);
    BOOST_TEST(has(failed.errors, "cannot fetch keys: "), failed.errors);
    BOOST_TEST(has(control(daemon, {"keys"}).output, "last error: "));
    BOOST_TEST(daemon.get("/readyz").status == 200);
}

BOOST_AUTO_TEST_CASE(settingsAreShownWithTheirPlaces) {
    const DaemonProcess daemon(settings());
    const auto shown = control(daemon, {"config"});
    BOOST_TEST(shown.status == 0);
    BOOST_TEST(has(shown.output, "# from --define\nserver.port = 0\n"), shown.output);
    BOOST_TEST(has(shown.output, "# from " + daemon.file() + ":1\nauth.jwks.uri = " + keys.uri() + "\n"));
}

BOOST_AUTO_TEST_CASE(theLogLevelHoldsUntilTheNextReload) {
    DaemonProcess daemon(settings());
    BOOST_TEST(control(daemon, {"log-level", "debug"}).status == 0);
    daemon.get("/make-change");
    BOOST_REQUIRE(daemon.process().waitForLine("Debug changebank: refused missing_token", 30s));
    BOOST_TEST(has(control(daemon, {"status"}).output, "log level     debug"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(has(control(daemon, {"status"}).output, "log level     information"));
    const auto wrong = control(daemon, {"log-level", "loud"});
    BOOST_TEST(wrong.status == 64);
    BOOST_TEST(has(wrong.errors, "\"loud\" is not one of fatal, critical, "), wrong.errors);
}

BOOST_AUTO_TEST_CASE(theSocketIsForItsOwnerAndGroup) {
    const DaemonProcess daemon(settings());
    struct stat status {};
    BOOST_REQUIRE(::stat(daemon.adminSocket().c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0660U);
}

// The mode alone does not decide: a stranger whom the mode lets in is refused by his credentials.
BOOST_AUTO_TEST_CASE(aStrangerIsRefusedWhateverTheMode,
                     *onlyIf(::geteuid() == 0, "only root can become a stranger")) {
    const DaemonProcess daemon(settings());
    const auto folder = daemon.adminSocket().substr(0, daemon.adminSocket().rfind('/'));
    BOOST_REQUIRE(::chmod(folder.c_str(), 0755) == 0);
    const std::vector<std::string> asNobody{"--reuid=65534",  "--regid=65534",
                                            "--clear-groups", changebankctl,
                                            "status",         "--socket=" + daemon.adminSocket()};
    const auto byMode = runToEnd("setpriv", asNobody);
    BOOST_TEST(byMode.status == 77);
    BOOST_TEST(has(byMode.errors, "permission denied"), byMode.errors);
    BOOST_REQUIRE(::chmod(daemon.adminSocket().c_str(), 0666) == 0);
    const auto byCredentials = runToEnd("setpriv", asNobody);
    BOOST_TEST(byCredentials.status == 77);
    BOOST_TEST(has(byCredentials.errors, "denies access to this user"), byCredentials.errors);
    BOOST_TEST(control(daemon, {"status"}).status == 0);
}

BOOST_AUTO_TEST_CASE(aSecondDaemonDoesNotTakeTheSocket) {
    const DaemonProcess daemon(settings());
    const auto second =
        runToEnd(changebankd, {"--define=server.port=0", "--define=admin.socket=" + daemon.adminSocket()});
    BOOST_TEST(second.status == 69);
    BOOST_TEST(has(second.errors, "cannot listen on " + daemon.adminSocket()), second.errors);
    BOOST_TEST(control(daemon, {"status"}).status == 0);
}

BOOST_AUTO_TEST_CASE(aSocketLeftByAKilledDaemonIsReplaced) {
    TemporaryFolder folder;
    const auto define = "--define=admin.socket=" + folder.file("admin.sock");
    {
        Process killed(changebankd, {"--define=server.port=0", define});
        killed.waitForPort();
        killed.signal(SIGKILL);
        killed.wait();
    }
    BOOST_TEST(std::filesystem::exists(folder.file("admin.sock")));
    Process next(changebankd, {"--define=server.port=0", define});
    next.waitForPort();
    BOOST_TEST(runToEnd(changebankctl, {"status", "--socket=" + folder.file("admin.sock")}).status == 0);
    next.terminate();
    BOOST_TEST(next.wait().value_or(-1) == 0);
    BOOST_TEST(!std::filesystem::exists(folder.file("admin.sock")));
}

BOOST_AUTO_TEST_CASE(theMetricsListenerShowsMetricsAlone) {
    DaemonProcess daemon(settings("metrics.port = 0\n"));
    const auto line = daemon.process().waitForLine("metrics served on ", 30s);
    BOOST_REQUIRE(line);
    const auto port = static_cast<std::uint16_t>(std::stoul(line->substr(line->rfind(':') + 1)));
    const auto metrics = request(port, "GET", "/metrics");
    BOOST_TEST(metrics.status == 200);
    BOOST_TEST(metrics.head.getContentType() == "text/plain; version=0.0.4; charset=utf-8");
    BOOST_TEST(has(metrics.body, "changebank_build_info{version="));
    for (const std::string path : {"/status", "/config", "/keys", "/"})
        BOOST_TEST(request(port, "GET", path).status == 404, path);
    BOOST_TEST(request(port, "POST", "/reload").status == 404);
    BOOST_TEST(daemon.get("/metrics").status == 401);
    BOOST_TEST(has(control(daemon, {"metrics"}).output, "changebank_build_info{version="));
}

BOOST_AUTO_TEST_CASE(metricsFollowTheRequests) {
    DaemonProcess daemon(settings());
    BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s));
    const auto customer = bearer(goodToken("customer").signedBy(signingKey()));
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(daemon.get("/Make-Change/?total=1", customer).status == 200);
    const auto expired = goodToken("teller").claim("exp", "1000000000").signedBy(signingKey());
    BOOST_TEST(daemon.get("/make-change?total=1", bearer(expired)).status == 401);
    for (int i = 0; i < 5; ++i)
        daemon.get("/random-" + std::to_string(i), customer);
    daemon.rewrite("junk\n");
    BOOST_TEST(control(daemon, {"reload"}).status == 78);
    const auto metrics = control(daemon, {"metrics"}).output;
    for (const std::string line :
         {R"(changebank_http_requests_total{route="/make-change",status="200"} 3)",
          R"(changebank_http_requests_total{route="/make-change",status="401"} 1)",
          R"(changebank_http_requests_total{route="unmatched",status="404"} 5)",
          R"(changebank_http_request_duration_seconds_count{route="/make-change"} 4)",
          R"(changebank_token_denials_total{code="ERR_JWT_EXPIRED"} 1)",
          "changebank_token_cache_hits_total 7",
          R"(changebank_jwks_fetches_total{issuer="default",outcome="replaced"} 1)",
          R"(changebank_jwks_usable{issuer="default"} 1)",
          R"(changebank_config_reloads_total{outcome="failed"} 1)",
          "changebank_config_last_reload_successful 0", "changebank_http_connections_accepted_total 9"})
        BOOST_TEST(has(metrics, "\n" + line + "\n"), line << " is not in\n" << metrics);
    BOOST_TEST(!has(metrics, "random"));
}

BOOST_AUTO_TEST_CASE(wrongMethodsPathsAndBodiesAreRefused) {
    const DaemonProcess daemon(settings());
    const auto statusOf = [&daemon](const std::string& line, const std::string& body = {}) {
        return rawAnswer(daemon, line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
                                     std::to_string(body.size()) + "\r\n\r\n" + body)
            .substr(9, 3);
    };
    BOOST_TEST(statusOf("GET /reload") == "405");
    BOOST_TEST(statusOf("POST /status") == "405");
    BOOST_TEST(statusOf("GET /nothing") == "404");
    BOOST_TEST(statusOf("PUT /log-level", "x\n") == "400");
    BOOST_TEST(statusOf("PUT /log-level", std::string(100'000, 'x')) == "413");
    BOOST_TEST(statusOf("PUT /log-level", " notice\n") == "200");
}

BOOST_AUTO_TEST_CASE(everyCommandHasItsHelp) {
    for (const std::string command :
         {"status", "reload", "keys", "metrics", "config", "log-level", "check", "token", "login"}) {
        const auto help = runToEnd(changebankctl, {command, "--help"});
        BOOST_TEST(help.status == 0, command);
        BOOST_TEST(has(help.output, "usage: changebankctl " + command), command);
        BOOST_TEST(runToEnd(changebankctl, {command, "--bogus"}).status == 64, command);
    }
    BOOST_TEST(runToEnd(changebankctl, {"keys", "frobnicate"}).status == 64);
    BOOST_TEST(runToEnd(changebankctl, {"log-level"}).status == 64);
    BOOST_TEST(runToEnd(changebankctl, {"status", "x"}).status == 64);
}

BOOST_AUTO_TEST_CASE(theKickstartsIssuerIsWarnedOfInTheLogAndTheStatus) {
    const std::string warning = "auth.issuer and auth.audience are those of the kickstart";
    DaemonProcess daemon(settings());
    BOOST_TEST(daemon.process().waitForLine(warning, 30s).has_value());
    BOOST_TEST(has(control(daemon, {"status"}).output, "warning: " + warning));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(daemon.process().waitForLine(warning, 30s).has_value());
    daemon.rewrite(settings("auth.issuer = https://id.example.com\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(!has(control(daemon, {"status"}).output, "warning"));
}

BOOST_AUTO_TEST_SUITE_END()
