#include <Poco/Net/StreamSocket.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "tests/integration/ControlProcess.h"
#include "tests/integration/RawExchange.h"
#include "tests/support/Eventually.h"

using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

std::string statusOf(const std::string& answer) {
    return answer.substr(0, 12);
}

struct Fixture {
    ScriptedKeyServer keys{goodKeys()};

    std::string settings(const std::string& more = {}) const {
        return "auth.jwks.uri = " + keys.uri() + "\n" + more;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ServerLimitsTest, Fixture)

BOOST_AUTO_TEST_CASE(aHeadBeyondItsLimitIsA431) {
    const DaemonProcess daemon(settings("server.maxHeaderBytes = 2KiB\n"));
    const auto head = [](std::size_t size) {
        return "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Filler: " + std::string(size, 'x') +
               "\r\n\r\n";
    };
    BOOST_TEST(statusOf(rawExchange(daemon.port(), head(1000))) == "HTTP/1.1 200");
    BOOST_TEST(statusOf(rawExchange(daemon.port(), head(2048))) == "HTTP/1.1 431");
}

BOOST_AUTO_TEST_CASE(aBodyBeyondItsLimitIsA413) {
    const DaemonProcess daemon(settings("server.maxBodyBytes = 1KiB\n"));
    const auto post = [](std::size_t size) {
        return "POST /panic HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
               std::to_string(size) + "\r\n\r\n" + std::string(size, 'x');
    };
    BOOST_TEST(statusOf(rawExchange(daemon.port(), post(1024))) == "HTTP/1.1 401");
    BOOST_TEST(statusOf(rawExchange(daemon.port(), post(1025))) == "HTTP/1.1 413");
}

BOOST_AUTO_TEST_CASE(aLongTokenIsReadUpToTheLimitOnHeads) {
    const DaemonProcess daemon(settings());
    const auto token =
        goodToken("teller").claim("filler", "\"" + std::string(20'000, 'x') + "\"").signedBy(signingKey());
    BOOST_TEST(daemon.get("/make-change?total=1", bearer(token)).status == 200);
}

// One deadline for the head as a whole: bytes that come now and then do not put it off.
BOOST_AUTO_TEST_CASE(aDrippingClientIsGoneInTime) {
    const DaemonProcess daemon(settings("server.headerTimeout = 300ms\n"));
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", daemon.port()));
    const auto begun = std::chrono::steady_clock::now();
    const std::string head = "GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    socket.sendBytes(head.data(), static_cast<int>(head.size()));
    // Readable means that an answer or the end came.
    while (!socket.poll(Poco::Timespan(20'000), Poco::Net::Socket::SELECT_READ)) {
        BOOST_REQUIRE(std::chrono::steady_clock::now() - begun < 20s);
        socket.sendBytes("x", 1);
    }
    BOOST_TEST((std::chrono::steady_clock::now() - begun >= 250ms));
    BOOST_TEST(daemon.get("/livez").status == 200);
}

// With 600 descriptors and the default server.maxConnections of 10000.
BOOST_AUTO_TEST_CASE(afterAFloodThereAreDescriptorsForKeysAndTheAdminSocket) {
    const TemporaryFolder folder;
    const auto file = folder.write("c.properties", settings("admin.socket = " + folder.file("admin") + "\n"));
    Process daemon("/bin/sh", {"-c", "ulimit -n 600; exec \"$@\"", "sh", changebankd, "--config=" + file,
                               "--define=server.port=0"});
    const auto port = daemon.waitForPort();
    BOOST_TEST(
        daemon.waitForLine("server.maxConnections is 10000, but 600 file descriptors allow only 344", 30s)
            .has_value());
    std::vector<Poco::Net::StreamSocket> flood;
    for (int i = 0; i < 500; ++i)
        flood.emplace_back(Poco::Net::SocketAddress("127.0.0.1", port));
    const auto refused = [](Poco::Net::StreamSocket& socket) {
        return socket.poll(Poco::Timespan(30, 0), Poco::Net::Socket::SELECT_READ);
    };
    BOOST_TEST(refused(flood.back()));
    const auto before = keys.hits();
    BOOST_TEST(runToEnd(changebankctl, {"keys", "refresh", "--socket=" + folder.file("admin")}).status == 0);
    BOOST_TEST(keys.hits() == before + 1);
    const auto status = runToEnd(changebankctl, {"status", "--socket=" + folder.file("admin")});
    BOOST_TEST(status.status == 0);
    BOOST_TEST(status.output.find("reading_head 344") != std::string::npos, status.output);
}

BOOST_AUTO_TEST_CASE(connectionsBeyondTheLimitGetA503) {
    const DaemonProcess daemon(settings("server.maxConnectionsPerClient = 2\n"));
    const Poco::Net::SocketAddress address("127.0.0.1", daemon.port());
    const std::string request = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    std::vector<Poco::Net::StreamSocket> held;
    for (int i = 0; i < 2; ++i) {
        held.emplace_back(address);
        held.back().sendBytes(request.data(), static_cast<int>(request.size()));
        char answer[1024];
        BOOST_TEST(held.back().receiveBytes(answer, sizeof answer) > 0);
    }
    BOOST_TEST(statusOf(rawExchange(daemon.port(), request)) == "HTTP/1.1 503");
}

BOOST_AUTO_TEST_CASE(aSecondSignalStopsAtOnce) {
    DaemonProcess daemon(settings("server.drainTimeout = 1h\nauth.jwks.timeout = 1m\n"));
    BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s));
    keys.play(ScriptedKeyServer::silence());
    // A request in flight: its key is unknown, and the key server does not answer.
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", daemon.port()));
    const auto token = goodToken("teller").header("kid", R"("unknown")").signedBy(signingKey());
    const auto request =
        "GET /make-change?total=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n";
    socket.sendBytes(request.data(), static_cast<int>(request.size()));
    BOOST_REQUIRE(eventually([&] { return keys.hits() >= 2; }));
    daemon.process().terminate();
    BOOST_REQUIRE(daemon.process().waitForLine("stopping on SIGTERM", 30s));
    daemon.process().terminate();
    BOOST_REQUIRE(daemon.process().waitForLine("stopping at once", 30s));
}

BOOST_AUTO_TEST_CASE(faultyLimitsAreNamed) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("c.properties"))
        << "server.headerTimeout = 5\nserver.maxBodyBytes = 1GiB\nserver.threads = -1\n";
    Process check(changebankd, {"--check", "--config=" + folder.file("c.properties")});
    BOOST_TEST(check.wait().value_or(-1) == 78);
    BOOST_TEST(check.errors().find(":1: server.headerTimeout: \"5\" is not a duration") != std::string::npos);
    BOOST_TEST(check.errors().find(":2: server.maxBodyBytes: \"1GiB\" is not a size") != std::string::npos);
    BOOST_TEST(check.errors().find(":3: server.threads: \"-1\" is not a whole number") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
