#include <sys/stat.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>

#include "tests/integration/ControlProcess.h"
#include "tests/integration/KeepAliveClient.h"
#include "tests/support/Eventually.h"
#include "tests/support/FileContent.h"

using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

std::string keysOf(const ScriptedKeyServer& keys) {
    return "auth.jwks.uri = " + keys.uri() + "\n";
}

void waitFor(Process& daemon, const std::string& line) {
    BOOST_REQUIRE_MESSAGE(daemon.waitForLine(line, 30s), line << " did not come:\n" << daemon.errors());
}

void waitFor(DaemonProcess& daemon, const std::string& line) {
    waitFor(daemon.process(), line);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DaemonSignalTest)

BOOST_AUTO_TEST_CASE(termAndIntEndItWithStatusZero) {
    for (const int signal : {SIGTERM, SIGINT}) {
        DaemonProcess daemon("");
        daemon.process().signal(signal);
        BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
        BOOST_CHECK_THROW(daemon.get("/livez"), Poco::Exception);
    }
}

BOOST_AUTO_TEST_CASE(aRequestInFlightIsAnsweredBeforeItEnds) {
    ScriptedKeyServer keys(goodKeys());
    DaemonProcess daemon(keysOf(keys) + "auth.jwks.timeout = 2s\n");
    waitFor(daemon, "new keys from");
    keys.play(ScriptedKeyServer::silence());
    const auto token = goodToken("teller").header("kid", R"("unknown")").signedBy(signingKey());
    const auto before = keys.hits();
    auto answer = std::async(std::launch::async,
                             [&] { return daemon.get("/make-change?total=1", bearer(token)).status; });
    BOOST_REQUIRE(eventually([&] { return keys.hits() > before; }));
    daemon.process().terminate();
    BOOST_TEST(answer.get() == 401);
    BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(hupServesByTheNewSettings) {
    ScriptedKeyServer keys(goodKeys());
    DaemonProcess daemon(keysOf(keys));
    waitFor(daemon, "new keys from");
    const auto customer = bearer(goodToken("customer").signedBy(signingKey()));
    BOOST_TEST(daemon.post("/panic", customer).status == 403);
    daemon.rewrite(keysOf(keys) + "roles.panic = customer\nauth.errors = minimal\n");
    daemon.process().signal(SIGHUP);
    waitFor(daemon, "settings reloaded");
    BOOST_TEST(daemon.post("/panic", customer).status == 200);
    BOOST_TEST(daemon.get("/panic", bearer("abc")).body ==
               R"({"error":"invalid token","code":"ERR_INVALID_TOKEN"})");
}

BOOST_AUTO_TEST_CASE(hupWithFaultsNamesThemAllAndChangesNothing) {
    ScriptedKeyServer keys(goodKeys());
    DaemonProcess daemon(keysOf(keys));
    waitFor(daemon, "new keys from");
    daemon.rewrite(keysOf(keys) + "roles.panic = customer\nauth.leeway = soon\nserver.prot = 1\n");
    daemon.process().signal(SIGHUP);
    waitFor(daemon, "settings not reloaded; the old ones stay in effect");
    BOOST_TEST(daemon.process().errors().find(daemon.file() + ":3: auth.leeway: ") != std::string::npos);
    BOOST_TEST(daemon.process().errors().find(daemon.file() + ":4: server.prot: ") != std::string::npos);
    const auto customer = bearer(goodToken("customer").signedBy(signingKey()));
    BOOST_TEST(daemon.post("/panic", customer).status == 403);
}

BOOST_AUTO_TEST_CASE(hupWithKeysThatCannotBeHadChangesNothing) {
    ScriptedKeyServer keys(goodKeys());
    ScriptedKeyServer bad(ScriptedKeyServer::status(500));
    DaemonProcess daemon(keysOf(keys));
    waitFor(daemon, "new keys from");
    daemon.rewrite(keysOf(bad) + "roles.panic = customer\n");
    daemon.process().signal(SIGHUP);
    waitFor(daemon, daemon.file() + ":1: auth.jwks.uri: cannot fetch keys");
    waitFor(daemon, "the old ones stay in effect");
    const auto customer = bearer(goodToken("customer").signedBy(signingKey()));
    BOOST_TEST(daemon.post("/panic", customer).status == 403);
    BOOST_TEST(daemon.get("/readyz").status == 200);
}

BOOST_AUTO_TEST_CASE(drainingUnderLoadAnswersEveryRequestThatItTook) {
    ScriptedKeyServer keys(goodKeys());
    DaemonProcess daemon(keysOf(keys));
    waitFor(daemon, "new keys from");
    const auto headers = "Authorization: Bearer " + goodToken("teller").signedBy(signingKey()) + "\r\n";
    std::atomic<int> answers{0};
    const auto requestOnAndOn = [&] {
        KeepAliveClient client(daemon.port());
        try {
            while (client.get("/make-change?total=1.02", headers) == 200)
                ++answers;
            return std::string("a request was refused");
        } catch (const std::exception& error) {
            // The last one finds nobody listening any more; no request on an open connection fails.
            return client.isConnected() ? std::string(error.what()) : std::string();
        }
    };
    std::vector<std::future<std::string>> clients;
    for (int i = 0; i < 4; ++i)
        clients.push_back(std::async(std::launch::async, requestOnAndOn));
    BOOST_TEST(eventually([&] { return answers >= 20; }));
    daemon.process().terminate();
    for (auto& each : clients)
        BOOST_TEST(each.get() == "");
    BOOST_TEST(answers >= 20);
    BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(hupAndUsr1DoNotEndItWhileItStarts) {
    for (const int signal : {SIGHUP, SIGUSR1}) {
        for (const bool detached : {false, true}) {
            const TemporaryFolder folder;
            const auto file = folder.file("c.properties");
            BOOST_REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
            std::vector<std::string> arguments{"--config=" + file, "--define=server.port=0",
                                               "--define=admin.socket="};
            if (detached) {
                arguments.insert(arguments.end(), {"--daemon", "--pidfile=" + folder.file("pid"),
                                                   "--define=log.target=file:" + folder.file("log")});
            }
            Process daemon(changebankd, arguments);
            // Opens once the daemon reads its settings, which come when the signal has been sent.
            std::ofstream settings(file);
            daemon.signal(signal);
            std::filesystem::rename(folder.write("next", ""), file);
            settings.close();
            if (detached) {
                BOOST_TEST(daemon.wait().value_or(-1) == 0);
                pid_t id = 0;
                std::ifstream(folder.file("pid")) >> id;
                BOOST_TEST_REQUIRE(id > 0);
                ::kill(id, SIGTERM);
                BOOST_TEST(eventually([&] { return !std::filesystem::exists(folder.file("pid")); }));
            } else {
                waitFor(daemon, signal == SIGHUP ? "settings reloaded" : "log files reopened");
                daemon.terminate();
                BOOST_TEST(daemon.wait().value_or(-1) == 0);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(usr1ReopensTheLogFile) {
    const TemporaryFolder folder;
    const auto log = folder.file("changebank.log");
    DaemonProcess daemon("");
    daemon.rewrite("log.target = file:" + log + "\n");
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(eventually([&] { return contentOf(log).find("settings reloaded") != std::string::npos; }));
    std::filesystem::rename(log, folder.file("old.log"));
    daemon.process().signal(SIGUSR1);
    daemon.process().terminate();
    BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
    BOOST_TEST(contentOf(log).find("log files reopened") != std::string::npos);
    BOOST_TEST(contentOf(folder.file("old.log")).find("log files reopened") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
