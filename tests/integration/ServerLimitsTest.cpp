#include <Poco/Net/StreamSocket.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>
#include <stdexcept>

#include "tests/integration/ControlProcess.h"
#include "tests/integration/RawExchange.h"
#include "tests/support/Eventually.h"
#include "tests/support/OnlyIf.h"

using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

std::string statusOf(const std::string& answer) {
    return answer.substr(0, 12);
}

constexpr std::uint64_t mebibyte = std::uint64_t{1024} * 1024;

/// A value of /proc/PID/status in bytes.
std::uint64_t memoryOf(pid_t process, const std::string& name) {
    std::ifstream file("/proc/" + std::to_string(process) + "/status");
    for (std::string word; file >> word;) {
        std::uint64_t kibibytes = 0;
        if (word == name + ":" && file >> kibibytes) return kibibytes * 1024;
    }
    throw std::runtime_error("no " + name);
}

/// The address sanitizers reserve terabytes.
bool isSanitized() {
    return memoryOf(::getpid(), "VmSize") > (std::uint64_t{1} << 40U);
}

/// A metric without labels.
double metric(const DaemonProcess& daemon, const std::string& name) {
    const auto text = runToEnd(changebankctl, {"metrics", "--socket=" + daemon.adminSocket()}).output;
    const auto line = text.find("\n" + name + " ");
    BOOST_REQUIRE(line != std::string::npos);
    return std::stod(text.substr(line + name.size() + 2));
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
                               "--define=server.port=0", "--define=server.headerTimeout=5m"});
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

// Each connection may hold 64 KiB, which would be 75 MiB.
BOOST_AUTO_TEST_CASE(aFloodTakesTheMemoryOfAllAndGivesItBack,
                     *onlyIf(!isSanitized(), "sanitizers have memory of their own")) {
    DaemonProcess daemon(
        settings("server.threads = 2\nserver.maxConnectionMemory = 16MiB\nserver.bodyTimeout = 1m\n"));
    BOOST_REQUIRE(daemon.get("/livez").status == 200);
    const auto before = memoryOf(daemon.process().id(), "VmRSS");
    const std::string part =
        "POST /panic HTTP/1.1\r\nHost: x\r\nContent-Length: 65536\r\n\r\n" + std::string(65'000, 'x');
    {
        std::vector<Poco::Net::StreamSocket> flood;
        for (int i = 0; i < 1200; ++i) {
            flood.emplace_back(Poco::Net::SocketAddress("127.0.0.1", daemon.port()));
            flood.back().sendBytes(part.data(), static_cast<int>(part.size()));
        }
        BOOST_TEST(
            eventually([&] { return metric(daemon, "changebank_http_connections_evicted_total") > 500; }));
        // Each of the two loops evicts after it has taken in what one connection may hold.
        BOOST_TEST(metric(daemon, "changebank_http_connection_memory_bytes") <=
                   16 * mebibyte + 2 * 65'536 + 2 * 16'384);
        BOOST_TEST(eventually(
            [&] { return metric(daemon, "changebank_http_connection_memory_bytes") <= 16 * mebibyte; }));
        BOOST_TEST(memoryOf(daemon.process().id(), "VmRSS") < before + 32 * mebibyte);
        BOOST_TEST(daemon.get("/livez").status == 200);
    }
    BOOST_TEST(
        eventually([&] { return metric(daemon, "changebank_http_connection_memory_bytes") < mebibyte; }));
    BOOST_TEST(eventually([&] { return memoryOf(daemon.process().id(), "VmRSS") < before + 12 * mebibyte; }));
}

// The limits are set too high for the machine.
BOOST_AUTO_TEST_CASE(withoutMemoryTheDaemonLosesConnectionsOnly,
                     *onlyIf(!isSanitized(), "sanitizers end the program")) {
    DaemonProcess daemon(settings("server.maxConnectionMemory = 4096MiB\nserver.maxBodyBytes = 16MiB\n"));
    BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s));
    const auto id = daemon.process().id();
    const auto limitMemory = [id](rlim_t bytes) {
        const rlimit limit{bytes, RLIM_INFINITY};
        BOOST_REQUIRE(::prlimit(id, RLIMIT_AS, &limit, nullptr) == 0);
    };
    limitMemory(memoryOf(id, "VmSize") + 40 * mebibyte);
    const std::string head = "POST /panic HTTP/1.1\r\nHost: x\r\nContent-Length: 16000000\r\n\r\n";
    const std::string block(mebibyte, 'x');
    std::vector<Poco::Net::StreamSocket> flood;
    for (int i = 0; i < 8; ++i) {
        auto& socket = flood.emplace_back(Poco::Net::SocketAddress("127.0.0.1", daemon.port()));
        try {
            socket.sendBytes(head.data(), static_cast<int>(head.size()));
            for (int sent = 0; sent < 15; ++sent)
                socket.sendBytes(block.data(), static_cast<int>(block.size()));
        } catch (const Poco::Exception&) {
            // Closed, as it should be.
            continue;
        }
    }
    limitMemory(RLIM_INFINITY);
    BOOST_TEST(metric(daemon, "changebank_http_connections_failed_total") > 0);
    BOOST_TEST(daemon.get("/livez").status == 200);
    daemon.process().terminate();
    BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
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
