#include <Poco/Net/NetException.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <mutex>

#include "tests/integration/ControlProcess.h"
#include "tests/integration/FreePort.h"
#include "tests/integration/KeepAliveClient.h"
#include "tests/support/Contains.h"
#include "tests/support/Eventually.h"
#include "tests/support/TestCertificate.h"

using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    ScriptedKeyServer keys{goodKeys()};

    std::string settings(const std::string& more = {}) const {
        return "auth.jwks.uri = " + keys.uri() + "\n" + more;
    }
};

/// A daemon whose port the settings' file decides.
class MovableDaemon {
public:
    explicit MovableDaemon(const std::string& settings)
        : _file(_folder.write("c.properties", settings)),
          _process(changebankd, {"--config=" + _file, "--define=admin.socket=" + _folder.file("admin.sock")}),
          _port(_process.waitForPort()) {}

    Ended reload(const std::string& settings) {
        _folder.write("c.properties", settings);
        return runToEnd(changebankctl, {"reload", "--socket=" + _folder.file("admin.sock")});
    }

    std::uint16_t port() const { return _port; }
    Process& process() { return _process; }

private:
    TemporaryFolder _folder;
    std::string _file;
    Process _process;
    std::uint16_t _port;
};

/// Threads that request as fast as they can on connections of their own, and count what goes wrong.
class Load {
public:
    Load(std::vector<std::uint16_t> ports, std::string headers, int clients = 4)
        : _ports(std::move(ports)), _headers(std::move(headers)) {
        for (int i = 0; i < clients; ++i)
            _threads.emplace_back([this] { request(); });
    }
    ~Load() { stop(); }

    /// Waits for that many more answers.
    void waitFor(int answers) const {
        const int goal = _answers + answers;
        BOOST_REQUIRE_MESSAGE(eventually([&] { return _answers >= goal; }),
                              "no answers any more: " << errors());
    }

    void stop() {
        _done = true;
        _threads.clear();
    }

    int connections() const { return _connections; }
    std::string errors() const {
        const std::lock_guard lock(_mutex);
        return _errors;
    }

private:
    void request() {
        KeepAliveClient client(_ports);
        while (!_done) {
            try {
                if (const int status = client.get("/make-change?total=1.02", _headers); status != 200)
                    fail("status " + std::to_string(status));
            } catch (const Poco::Exception& error) {
                fail(error.displayText());
                return;
            } catch (const std::exception& error) {
                fail(error.what());
                return;
            }
            ++_answers;
        }
        _connections += client.connections();
    }

    void fail(const std::string& why) {
        const std::lock_guard lock(_mutex);
        _errors += why + "\n";
    }

    const std::vector<std::uint16_t> _ports;
    const std::string _headers;
    std::atomic<bool> _done{false};
    std::atomic<int> _answers{0};
    std::atomic<int> _connections{0};
    mutable std::mutex _mutex;
    std::string _errors;
    std::vector<std::jthread> _threads;
};

std::string authorization(const std::string& role) {
    return "Authorization: Bearer " + goodToken(role).signedBy(signingKey()) + "\r\n";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonReloadTest, Fixture)

BOOST_AUTO_TEST_CASE(reloadsUnderLoadLoseNothingAndCloseNothing) {
    MovableDaemon daemon(settings("server.port = 0\n"));
    BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s));
    Load load({daemon.port()}, authorization("teller"));
    load.waitFor(10);
    ScriptedKeyServer broken(ScriptedKeyServer::status(500));
    const TemporaryFolder folder;
    const std::vector<std::string> good{
        "auth.cookie = another\n",
        "roles.panic = customer\nroles.makeChange = teller,auditor\n",
        "server.maxConnections = 50\nserver.headerTimeout = 5s\nserver.maxHeaderBytes = 16KiB\n",
        "log.level = warning\n",
        "log.format = json\nlog.access = false\n",
        "auth.cache.entries = 0\n",
        "auth.jwks.cooldown = 10s\n",
        "metrics.port = 0\n",
        "audit.file = " + folder.file("audit") + "\n",
        "log.target = file:" + folder.file("log") + "\n",
        "",
    };
    const std::vector<std::string> bad{
        "junk\n",
        "server.headerTimeout = soon\n",
        "auth.jwks.uri = " + broken.uri() + "\n",
        "audit.file = /nonexistent/audit\n",
        "log.target = file:/proc/log\n",
        "server.tls.certificate = /nonexistent/c.pem\n",
        "metrics.port = " + std::to_string(daemon.port()) + "\n",
    };
    int reloads = 0;
    for (std::size_t i = 0; i < std::max(good.size(), bad.size()) * 2; ++i) {
        const bool isGood = i % 2 == 0;
        const auto& more = isGood ? good[i / 2 % good.size()] : bad[i / 2 % bad.size()];
        const auto base = more.find("auth.jwks.uri") == std::string::npos ? settings("server.port = 0\n")
                                                                          : std::string("server.port = 0\n");
        const auto ended = daemon.reload(base + more);
        BOOST_TEST(ended.status == (isGood ? 0 : 78), more << ended.errors);
        load.waitFor(4);
        ++reloads;
    }
    load.stop();
    BOOST_TEST(reloads >= 20);
    BOOST_TEST(load.errors() == "");
    // Not one of the connections had to be opened again.
    BOOST_TEST(load.connections() == 4);
}

BOOST_AUTO_TEST_CASE(aListenerMovesUnderLoadAndNothingIsLost) {
    const auto first = freePort();
    const auto second = freePort();
    MovableDaemon daemon(settings("server.port = " + std::to_string(first) + "\n"));
    BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s));
    Load load({first, second}, authorization("teller"));
    load.waitFor(10);
    for (const auto port : {second, first, second}) {
        const auto ended = daemon.reload(settings("server.port = " + std::to_string(port) + "\n"));
        BOOST_TEST(ended.status == 0, ended.errors);
        load.waitFor(10);
    }
    // Another number of threads, on the same socket: no connection is refused in between.
    for (const int threads : {1, 3, 2}) {
        const auto ended = daemon.reload(settings("server.port = " + std::to_string(second) +
                                                  "\nserver.threads = " + std::to_string(threads) + "\n"));
        BOOST_TEST(ended.status == 0, ended.errors);
        load.waitFor(10);
    }
    load.stop();
    BOOST_TEST(load.errors() == "");
    BOOST_CHECK_THROW(KeepAliveClient(first).get("/livez"), Poco::Exception);
    BOOST_TEST(KeepAliveClient(second).get("/livez") == 200);
}

BOOST_AUTO_TEST_CASE(anAddressThatIsTakenLeavesTheOldOneServing) {
    Poco::Net::ServerSocket taken(Poco::Net::SocketAddress("127.0.0.1", 0));
    MovableDaemon daemon(settings("server.port = 0\n"));
    const auto port = std::to_string(taken.address().port());
    const auto ended = daemon.reload(settings("server.port = " + port + "\nroles.panic = customer\n"));
    BOOST_TEST(ended.status == 78);
    BOOST_TEST(has(ended.errors, ":2: server.port: cannot listen on 127.0.0.1:" + port), ended.errors);
    BOOST_TEST(request(daemon.port(), "GET", "/livez").status == 200);
    BOOST_TEST(request(daemon.port(), "POST", "/panic", bearer(goodToken("customer").signedBy(signingKey())))
                   .status == 403);
}

BOOST_AUTO_TEST_CASE(limitsApplyToConnectionsThatLive) {
    DaemonProcess daemon(settings("server.maxHeaderBytes = 2KiB\n"));
    KeepAliveClient client(daemon.port());
    const auto filler = "X-Filler: " + std::string(3000, 'x') + "\r\n";
    BOOST_TEST(client.get("/livez") == 200);
    daemon.rewrite(settings("server.maxHeaderBytes = 8KiB\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(client.get("/livez", filler) == 200);
    daemon.rewrite(settings("server.maxHeaderBytes = 1KiB\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(client.get("/livez", filler) == 431);
    BOOST_TEST(client.connections() == 1);
}

BOOST_AUTO_TEST_CASE(httpsIsSwitchedOnAndOff) {
    const TestCertificate certificate;
    const auto port = freePort();
    const auto base = settings("server.port = " + std::to_string(port) + "\n");
    const auto secure = base + "server.tls.certificate = " + certificate.certificateFile() +
                        "\nserver.tls.key = " + certificate.keyFile() + "\n";
    MovableDaemon daemon(base);
    const auto https = [&] {
        return runToEnd("curl", {"--silent", "--max-time", "20", "--cacert", certificate.certificateFile(),
                                 "--resolve", "localhost:" + std::to_string(port) + ":127.0.0.1",
                                 "https://localhost:" + std::to_string(port) + "/livez"})
            .status;
    };
    BOOST_TEST(https() != 0);
    BOOST_TEST(daemon.reload(secure).status == 0);
    // The old server drains its connections; new ones may still come to it until it has stopped accepting.
    BOOST_REQUIRE(eventually([&] { return https() == 0; }));
    BOOST_TEST(daemon.reload(base).status == 0);
    BOOST_REQUIRE(eventually([&] { return https() != 0; }));
    BOOST_TEST(request(port, "GET", "/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(theAdminSocketAndTheMetricsMove) {
    const TemporaryFolder folder;
    const auto file = folder.write("c.properties", "admin.socket = " + folder.file("one") + "\n");
    Process daemon(changebankd, {"--config=" + file, "--define=server.port=0"});
    daemon.waitForPort();
    const auto ask = [&](const std::string& socket, const std::string& command) {
        return runToEnd(changebankctl, {command, "--socket=" + folder.file(socket)});
    };
    BOOST_TEST(ask("one", "status").status == 0);
    folder.write("c.properties", "admin.socket = " + folder.file("two") + "\nmetrics.port = 0\n");
    const auto reloaded = ask("one", "reload");
    BOOST_TEST(reloaded.status == 0, reloaded.errors);
    BOOST_TEST(ask("two", "status").status == 0);
    BOOST_TEST(has(ask("two", "status").output, "metrics on 127.0.0.1:"));
    BOOST_TEST(eventually([&] { return !std::filesystem::exists(folder.file("one")); }));
    BOOST_TEST(ask("one", "status").status == 3);
    folder.write("c.properties", "admin.socket =\n");
    BOOST_TEST(ask("two", "reload").status == 0);
    daemon.terminate();
    BOOST_TEST(daemon.wait().value_or(-1) == 0);
    BOOST_TEST(!std::filesystem::exists(folder.file("two")));
}

BOOST_AUTO_TEST_CASE(logsMoveAndChangeTheirForm) {
    const TemporaryFolder folder;
    DaemonProcess daemon(settings());
    daemon.rewrite(settings("log.format = json\n"));
    daemon.process().signal(SIGHUP);
    BOOST_REQUIRE(daemon.process().waitForLine(R"("message":"settings reloaded")", 30s));
    daemon.rewrite(settings("log.target = file:" + folder.file("log") + "\n"));
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    daemon.get("/me", {{"X-Request-Id", "moved"}});
    daemon.process().terminate();
    BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
    std::ifstream stream(folder.file("log"));
    const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    BOOST_TEST(has(text, "settings reloaded"));
    BOOST_TEST(has(text, "id \"moved\""));
    BOOST_TEST(!has(daemon.process().errors(), "id \"moved\""));
}

BOOST_AUTO_TEST_CASE(logAndAuditFilesThatWereMovedAwayOrRemovedAreMadeAgain) {
    const TemporaryFolder folder;
    const auto log = folder.file("log");
    const auto audit = folder.file("audit");
    DaemonProcess daemon(settings());
    const auto same = settings("log.target = file:" + log + "\naudit.file = " + audit + "\n");
    daemon.rewrite(same);
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    const auto panic = [&] {
        return daemon.post("/panic", bearer(goodToken("teller").signedBy(signingKey()))).status;
    };
    BOOST_TEST(panic() == 200);
    std::filesystem::rename(log, folder.file("log.1"));
    std::filesystem::remove(audit);
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    BOOST_TEST(panic() == 200);
    const auto contentOf = [](const std::string& path) {
        std::ifstream stream(path);
        return std::string((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    };
    BOOST_TEST(has(contentOf(log), "settings reloaded"));
    BOOST_TEST(has(contentOf(audit), "event \"panic\""));
}

BOOST_AUTO_TEST_CASE(manyWhoAskAtOnceAreAllAnswered) {
    DaemonProcess daemon(settings());
    std::vector<std::jthread> askers;
    std::atomic<int> good{0};
    for (int i = 0; i < 4; ++i)
        askers.emplace_back([&] { good += control(daemon, {"reload"}).status == 0 ? 1 : 0; });
    askers.clear();
    BOOST_TEST(good == 4);
    BOOST_TEST(has(control(daemon, {"status"}).output, "generation 5; reloads: 4 succeeded, 0 failed"));
}

BOOST_AUTO_TEST_CASE(aReloadReadsTheFolderAgain) {
    const TemporaryFolder folder;
    const auto file = folder.write(
        "c.conf", settings("server.port = 0\nadmin.socket = " + folder.file("admin.sock") + "\n"));
    Process daemon(changebankd, {"--config=" + file, "--config-dir=" + folder.file("")});
    daemon.waitForPort();
    const auto ask = [&folder](const std::string& command) {
        return runToEnd(changebankctl, {command, "--socket=" + folder.file("admin.sock")});
    };
    const auto piece = folder.write("new.properties", "auth.cookie = piece\n");
    BOOST_TEST(ask("reload").status == 0);
    BOOST_TEST(ask("config").output.find("# from " + piece + ":1\nauth.cookie = piece\n") !=
               std::string::npos);
    folder.write("new.properties", "auth.cokie = piece\n");
    const auto failed = ask("reload");
    BOOST_TEST(failed.status == 78);
    BOOST_TEST(failed.errors.find(piece + ":1: auth.cokie: unknown key") != std::string::npos, failed.errors);
    std::filesystem::remove(piece);
    BOOST_TEST(ask("reload").status == 0);
    BOOST_TEST(ask("config").output.find("auth.cookie = app.at\n") != std::string::npos);
    daemon.terminate();
    BOOST_TEST(daemon.wait(10s).value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(aReloadThatWaitsForKeysHoldsNobodyUp) {
    std::promise<void> release;
    ScriptedKeyServer slow(
        [released = release.get_future().share()](auto&, const auto&) { released.wait(); });
    DaemonProcess daemon(settings());
    BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s));
    daemon.rewrite("auth.jwks.uri = " + slow.uri() + "\nauth.jwks.timeout = 1m\n");
    auto asker = std::async(std::launch::async, [&] { return control(daemon, {"reload"}).status; });
    BOOST_REQUIRE(eventually([&] { return slow.hits() > 0; }));
    BOOST_TEST(daemon.get("/livez").status == 200);
    BOOST_TEST(control(daemon, {"status"}).status == 0);
    BOOST_TEST((asker.wait_for(0s) == std::future_status::timeout));
    release.set_value();
    BOOST_TEST(asker.get() == 78);
}

BOOST_AUTO_TEST_SUITE_END()
