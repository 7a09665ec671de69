#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/base/text/Json.h"
#include "tests/integration/ControlProcess.h"
#include "tests/support/Contains.h"
#include "tests/support/Eventually.h"
#include "tests/support/FileContent.h"

using namespace changebank::tests;
using changebank::FileDescriptor;
using changebank::Json;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    ScriptedKeyServer keys{goodKeys()};
    TemporaryFolder folder;
    std::string audit = folder.file("audit");

    std::string settings(const std::string& more = {}) const {
        return "auth.jwks.uri = " + keys.uri() + "\n" + more;
    }

    static Headers caller(const std::string& role, const std::string& requestId) {
        auto headers = bearer(goodToken(role).claim("sub", "\"" + role + "-1\"").signedBy(signingKey()));
        headers["X-Request-Id"] = requestId;
        return headers;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonAuditTest, Fixture)

BOOST_AUTO_TEST_CASE(anAnsweredPanicSurvivesAKillRightAfterTheAnswer) {
    for (int round = 0; round < 10; ++round) {
        const auto id = "round-" + std::to_string(round);
        DaemonProcess daemon(settings("audit.file = " + audit + "\n"));
        BOOST_TEST(daemon.post("/panic", caller("teller", id)).status == 200);
        daemon.process().signal(SIGKILL);
        BOOST_TEST(has(contentOf(audit), "event \"panic\" subject \"teller-1\""));
        BOOST_TEST(has(contentOf(audit), "id \"" + id + "\"\n"));
    }
}

BOOST_AUTO_TEST_CASE(withoutAFileTheLogHasItBeforeTheAnswerIsThere) {
    DaemonProcess daemon(settings("log.access = false\n"));
    BOOST_TEST(control(daemon, {"log-level", "fatal"}).status == 0);
    BOOST_TEST(daemon.post("/panic", caller("teller", "id-1")).status == 200);
    daemon.process().signal(SIGKILL);
    daemon.process().wait();
    BOOST_TEST(has(daemon.process().errors(),
                   "Notice audit: event \"panic\" subject \"teller-1\" roles [\"teller\"]"),
               daemon.process().errors());
}

BOOST_AUTO_TEST_CASE(aRefusedRoleIsWrittenDown) {
    DaemonProcess daemon(settings("audit.file = " + audit + "\nlog.format = json\n"));
    BOOST_TEST(daemon.post("/panic?secret=sesame", caller("customer", "id-2")).status == 403);
    const auto text = contentOf(audit);
    const auto line = Json::parse(text.substr(0, text.find('\n')));
    BOOST_REQUIRE_MESSAGE(line, text);
    BOOST_TEST(*line->find("event")->string() == "role_refused");
    BOOST_TEST(*line->find("subject")->string() == "customer-1");
    BOOST_TEST(*line->find("path")->string() == "/panic");
    BOOST_TEST(*line->find("id")->string() == "id-2");
    BOOST_TEST(line->find("client")->string()->rfind("127.0.0.1:", 0) == 0U);
    BOOST_TEST(!has(text, "sesame"));
    // Nobody who may, and nobody whose token is no good, is in it.
    BOOST_TEST(daemon.get("/make-change?total=1", caller("customer", "id-3")).status == 200);
    BOOST_TEST(daemon.post("/panic").status == 401);
    BOOST_TEST(contentOf(audit) == text);
}

BOOST_AUTO_TEST_CASE(aRevocationByHandIsInForceListedAndWrittenDown) {
    const DaemonProcess daemon(
        settings("audit.file = " + audit + "\nrevocation.file = " + folder.file("revocations") + "\n"));
    const auto eve = bearer(goodToken("teller").claim("sub", R"("eve")").signedBy(signingKey()));
    BOOST_TEST(daemon.get("/make-change?total=1", eve).status == 200);
    BOOST_TEST(control(daemon, {"revocations"}).output == "no revocations\n");
    const auto revoked = control(daemon, {"revoke", "user", "eve", "--reason=lost \"phone\""});
    BOOST_TEST(revoked.status == 0, revoked.errors);
    BOOST_TEST(has(revoked.output, "revoked: user eve; tokens issued up to "), revoked.output);
    BOOST_TEST(has(revoked.output, "in this daemon alone, since revocation.redis is not set\n"));
    const auto refused = daemon.get("/make-change?total=1", eve);
    BOOST_TEST(refused.status == 401);
    BOOST_TEST(has(refused.body, "ERR_JWT_REVOKED"), refused.body);
    BOOST_TEST(daemon.get("/make-change?total=1", caller("teller", "id-9")).status == 200);

    const auto line = contentOf(audit);
    BOOST_TEST(has(line, R"(event "revoked" session "" user "eve" application "" tenant "" issuedUpTo ")"),
               line);
    BOOST_TEST(has(line, R"(reason "lost \"phone\"" eventId "" client "uid )"), line);
    const auto table = control(daemon, {"revocations", "--user=eve"}).output;
    BOOST_TEST(has(table, "  user  eve    lost \"phone\"\n"), table);
    BOOST_TEST(control(daemon, {"revocations", "--user=adam"}).output == "no revocations\n");
    BOOST_TEST(has(control(daemon, {"status"}).output, "revocation    1 of 100000 in effect, file "));
    BOOST_TEST(has(control(daemon, {"metrics"}).output, "\nchangebank_revocations 1\n"));
}

BOOST_AUTO_TEST_CASE(whereRevocationIsOffNothingIsRevoked) {
    const DaemonProcess daemon(settings());
    for (const auto& arguments :
         {std::vector<std::string>{"revoke", "user", "eve"}, std::vector<std::string>{"revocations"}}) {
        const auto ended = control(daemon, arguments);
        BOOST_TEST(ended.status == 78);
        BOOST_TEST(has(ended.errors, "revocation is off; set revocation.file, revocation.redis or both"));
    }
    BOOST_TEST(control(daemon, {"revoke", "user", ""}).status == 64);
    BOOST_TEST(!has(control(daemon, {"status"}).output, "revocation "));
}

BOOST_AUTO_TEST_CASE(aPanicOfNobodyIsRefused) {
    DaemonProcess daemon(settings("audit.file = " + audit + "\n"));
    for (const char* subject : {"4711", R"("")", R"({"id":"x"})", "null"}) {
        const auto answer =
            daemon.post("/panic", bearer(goodToken("teller").claim("sub", subject).signedBy(signingKey())));
        BOOST_TEST(answer.status == 401);
        BOOST_TEST(answer.body == R"({"error":"unexpected \"sub\" claim value",)"
                                  R"("code":"ERR_JWT_CLAIM_VALIDATION_FAILED"})");
    }
    const auto absent = goodToken("teller").without("sub").claim("email", R"("tina@example.com")");
    BOOST_TEST(daemon.post("/panic", bearer(absent.signedBy(signingKey()))).body ==
               R"({"error":"missing required \"sub\" claim","code":"ERR_JWT_CLAIM_VALIDATION_FAILED"})");
    BOOST_TEST(contentOf(audit).empty());
    daemon.rewrite(settings("audit.file = " + audit + "\nauth.claims.subject = email\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(daemon.post("/panic", bearer(absent.signedBy(signingKey()))).status == 200);
    BOOST_TEST(has(contentOf(audit), "event \"panic\" subject \"tina@example.com\""));
}

BOOST_AUTO_TEST_CASE(aCallersRefusalsAreWrittenDownUpToALimit) {
    DaemonProcess daemon(settings("audit.file = " + audit + "\naudit.refusalsPerMinute = 3\n"));
    const auto headers = caller("customer", "id-8");
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(daemon.post("/panic", headers).status == 403);
    const auto text = contentOf(audit);
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 4);
    BOOST_TEST(has(text, "event \"role_refusals_limited\" subject \"customer-1\""));
    BOOST_TEST(has(control(daemon, {"metrics"}).output, "changebank_audit_refusals_skipped_total 16\n"));
    // Somebody else's are written, and so are panics.
    BOOST_TEST(daemon.post("/panic", caller("guest", "id-9")).status == 403);
    BOOST_TEST(daemon.post("/panic", caller("teller", "id-10")).status == 200);
    BOOST_TEST(has(contentOf(audit), "subject \"guest-1\""));
    BOOST_TEST(has(contentOf(audit), "event \"panic\" subject \"teller-1\""));
}

BOOST_AUTO_TEST_CASE(aPanicThatCannotBeWrittenDownIsNotAnsweredAsCalled) {
    DaemonProcess daemon(settings("audit.file = /dev/full\n"));
    const auto panic = daemon.post("/panic", caller("teller", "id-4"));
    BOOST_TEST(panic.status == 503);
    BOOST_TEST(panic.body == R"({"error":"the audit log cannot be written","code":"ERR_AUDIT_UNAVAILABLE"})");
    BOOST_TEST(panic.head.get("Retry-After") == "1");
    BOOST_TEST(panic.head.get("Cache-Control") == "no-store");
    BOOST_TEST(!panic.head.has("WWW-Authenticate"));
    BOOST_REQUIRE(daemon.process().waitForLine(
        "Critical changebank: cannot write the audit log: .*/dev/full: No space left on device", 30s));
    // The role decides for the others; a full disk opens no door.
    BOOST_TEST(daemon.post("/panic", caller("customer", "id-5")).status == 403);
    BOOST_TEST(daemon.get("/make-change?total=1", caller("customer", "id-6")).status == 200);
    BOOST_TEST(has(control(daemon, {"status"}).output, "to /dev/full: 0 recorded, 2 failed"));
    BOOST_TEST(has(control(daemon, {"metrics"}).output,
                   R"(changebank_audit_events_total{event="panic",outcome="failed"} 1)"));
}

BOOST_AUTO_TEST_CASE(aFullStandardErrorIsNoticedToo) {
    const auto socket = folder.file("admin.sock");
    Process shell("/bin/sh", {"-c",
                              "exec \"$0\" --define=server.port=0 --define=auth.jwks.uri=" + keys.uri() +
                                  " --define=admin.socket=" + socket + " 2>/dev/full",
                              changebankd});
    Ended status{};
    BOOST_REQUIRE(eventually([&] {
        status = runToEnd(changebankctl, {"status", "--json", "--socket=" + socket});
        return status.status == 0;
    }));
    const auto report = Json::parse(status.output);
    BOOST_REQUIRE(report);
    const auto address = *report->find("listeners")->array()->front().find("address")->string();
    BOOST_TEST(request(Poco::Net::SocketAddress(address).port(), "POST", "/panic", caller("teller", "id-7"))
                   .status == 503);
}

BOOST_AUTO_TEST_CASE(theFileIsOpenedAnewAndChangedByAReload) {
    DaemonProcess daemon(settings("audit.file = " + audit + "\n"));
    BOOST_TEST(daemon.post("/panic", caller("teller", "before")).status == 200);
    std::filesystem::rename(audit, folder.file("moved"));
    daemon.process().signal(SIGUSR1);
    BOOST_REQUIRE(daemon.process().waitForLine("log files reopened", 30s));
    BOOST_TEST(daemon.post("/panic", caller("teller", "after")).status == 200);
    BOOST_TEST(has(contentOf(folder.file("moved")), "\"before\""));
    BOOST_TEST(!has(contentOf(folder.file("moved")), "\"after\""));
    BOOST_TEST(has(contentOf(audit), "\"after\""));
    daemon.rewrite(settings("audit.file = " + folder.file("other") + "\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(daemon.post("/panic", caller("teller", "reloaded")).status == 200);
    BOOST_TEST(has(contentOf(folder.file("other")), "\"reloaded\""));
}

BOOST_AUTO_TEST_CASE(aRemovedFileIsMadeAgainBeforeAPanicIsAnswered) {
    DaemonProcess daemon(settings("audit.file = " + audit + "\n"));
    BOOST_TEST(daemon.post("/panic", caller("teller", "before")).status == 200);
    std::filesystem::remove(audit);
    BOOST_TEST(daemon.post("/panic", caller("teller", "after")).status == 200);
    BOOST_TEST(has(contentOf(audit), "\"after\""));
    std::filesystem::remove(audit);
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(std::filesystem::exists(audit));
    std::filesystem::create_directory(folder.file("sub"));
    daemon.rewrite(settings("audit.file = " + folder.file("sub/audit") + "\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    std::filesystem::remove_all(folder.file("sub"));
    BOOST_TEST(daemon.post("/panic", caller("teller", "lost")).status == 503);
}

BOOST_AUTO_TEST_CASE(aPipeThatNobodyEmptiesHoldsUpNeitherPanicsNorReloadsNorTheStop) {
    BOOST_REQUIRE(::mkfifo(audit.c_str(), 0600) == 0);
    const FileDescriptor reader(::open(audit.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    DaemonProcess daemon(settings("log.access = false\naudit.timeout = 100ms\naudit.file = " + audit + "\n"));
    // 64 KiB fill the pipe; a line has at most 200 bytes.
    std::map<int, int> answers;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 600; ++i)
        ++answers[daemon.post("/panic", caller("teller", std::string(150, 'x'))).status];
    BOOST_TEST(answers[200] > 100);
    BOOST_TEST(answers[503] > 100);
    BOOST_TEST(answers[200] + answers[503] == 600);
    // Panics refused one after the other would take 100 ms each.
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 20s));
    BOOST_REQUIRE(
        daemon.process().waitForLine("cannot write the audit log: .*: not written within 100ms", 30s));
    daemon.process().signal(SIGUSR1);
    BOOST_REQUIRE(daemon.process().waitForLine("log files reopened", 30s));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    daemon.process().terminate();
    BOOST_TEST(daemon.process().wait(10s).value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(aFileThatCannotBeOpenedStopsTheStart) {
    const auto ended =
        runToEnd(changebankd, {"--define=server.port=0", "--define=audit.file=/nonexistent/audit"});
    BOOST_TEST(ended.status == 78);
    BOOST_TEST(
        ended.errors ==
        "--define: audit.file: the folder \"/nonexistent/\" cannot be written: No such file or directory\n");
}

BOOST_AUTO_TEST_SUITE_END()
