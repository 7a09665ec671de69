#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "tests/integration/ControlProcess.h"
#include "tests/integration/FreePort.h"
#include "tests/integration/KeepAliveClient.h"
#include "tests/integration/PassedSocket.h"
#include "tests/support/Eventually.h"

using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

/// Fifty clients that open a connection for each request, as a balancer without a pool does, and count what
/// becomes of them.
class ConnectionPerRequest {
public:
    explicit ConnectionPerRequest(std::uint16_t port) : _port(port) {
        for (int i = 0; i < 50; ++i)
            _threads.emplace_back([this] { request(); });
    }
    ~ConnectionPerRequest() { stop(); }

    void stop() {
        _done = true;
        _threads.clear();
    }

    /// Waits for that many more answers.
    void waitFor(int answers) const {
        const int goal = _answers + answers;
        BOOST_REQUIRE(eventually([&] { return _answers >= goal; }));
    }

    int answers() const { return _answers; }
    int refusals() const { return _refusals; }
    /// What happened to connections that the kernel had accepted and that got no answer, a line for each
    /// kind.
    std::string losses() const {
        const std::lock_guard lock(_mutex);
        std::string text;
        for (const auto& [why, times] : _losses)
            text += std::to_string(times) + " times " + why + "\n";
        return text;
    }

private:
    void request() {
        while (!_done) {
            try {
                Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", _port));
                if (auto why = exchange(socket)) lose(*why);
            } catch (const Poco::Net::ConnectionRefusedException&) {
                ++_refusals;
                // A client's pause before it tries again.
                std::this_thread::sleep_for(5ms);
            } catch (const Poco::Exception& error) {
                lose("at connecting: " + error.displayText());
            }
        }
    }

    std::optional<std::string> exchange(Poco::Net::StreamSocket& socket) {
        try {
            const std::string request = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.setReceiveTimeout(Poco::Timespan(30, 0));
            socket.sendBytes(request.data(), static_cast<int>(request.size()));
            std::string answer(1024, '\0');
            const int bytes = socket.receiveBytes(answer.data(), static_cast<int>(answer.size()));
            if (bytes <= 0) return "the connection ended without a word";
            if (!answer.starts_with("HTTP/1.1 200 ")) return answer.substr(0, 12);
            ++_answers;
            return std::nullopt;
        } catch (const Poco::Exception& error) {
            return error.displayText();
        }
    }

    void lose(const std::string& why) {
        const std::lock_guard lock(_mutex);
        ++_losses[why];
    }

    const std::uint16_t _port;
    std::atomic<bool> _done{false};
    std::atomic<int> _answers{0};
    std::atomic<int> _refusals{0};
    mutable std::mutex _mutex;
    std::map<std::string, int> _losses;
    std::vector<std::jthread> _threads;
};

std::vector<std::string> argumentsFor(std::uint16_t port, const TemporaryFolder& folder) {
    return {"--define=server.port=" + std::to_string(port), "--define=log.access=false",
            "--define=admin.socket=" + folder.file("admin")};
}

bool isReady(const DaemonProcess& daemon) {
    return daemon.get("/readyz").status == 200;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DaemonStopTest)

// As in an upgrade of the package without the socket unit.
BOOST_AUTO_TEST_CASE(twentyStopsLoseNothingThatWasAccepted) {
    const TemporaryFolder folder;
    const auto port = freePort();
    std::optional<ConnectionPerRequest> clients;
    for (int round = 0; round < 20; ++round) {
        Process daemon(changebankd, argumentsFor(port, folder));
        BOOST_TEST(daemon.waitForPort() == port);
        if (!clients) clients.emplace(port);
        clients->waitFor(100);
        daemon.terminate();
        BOOST_TEST(daemon.wait().value_or(-1) == 0);
    }
    BOOST_TEST(eventually([&] { return clients->refusals() > 0; }));
    clients->stop();
    BOOST_TEST(clients->losses() == "");
}

BOOST_AUTO_TEST_CASE(twentyRestartsOnTheSocketUnitRefuseAndLoseNothing) {
    const TemporaryFolder folder;
    Poco::Net::ServerSocket socket;
    socket.bind(Poco::Net::SocketAddress("127.0.0.1", 0));
    socket.listen(4096);
    const auto port = socket.address().port();
    ConnectionPerRequest clients(port);
    for (int round = 0; round < 20; ++round) {
        auto next = withPassedSocket(socket, argumentsFor(1, folder));
        BOOST_TEST(next.waitForPort() == port);
        clients.waitFor(100);
        next.terminate();
        BOOST_TEST(next.wait().value_or(-1) == 0);
    }
    // Those who wait now are for the next one.
    auto last = withPassedSocket(socket, argumentsFor(1, folder));
    clients.waitFor(100);
    clients.stop();
    BOOST_TEST(clients.refusals() == 0);
    BOOST_TEST(clients.losses() == "");
}

BOOST_AUTO_TEST_CASE(newConnectionsAreRefusedWhileTheLastRequestIsFinished) {
    DaemonProcess daemon("");
    Poco::Net::StreamSocket slow(Poco::Net::SocketAddress("127.0.0.1", daemon.port()));
    const std::string half = "GET /livez HTTP/1.1\r\nHost: localhost\r\n";
    slow.sendBytes(half.data(), static_cast<int>(half.size()));
    BOOST_TEST(daemon.get("/livez").status == 200);
    daemon.process().terminate();
    BOOST_TEST(eventually([&] {
        try {
            const Poco::Net::StreamSocket late(Poco::Net::SocketAddress("127.0.0.1", daemon.port()));
            return false;
        } catch (const Poco::Net::ConnectionRefusedException&) {
            return true;
        }
    }));
    slow.sendBytes("\r\n", 2);
    std::string answer(1024, '\0');
    slow.setReceiveTimeout(Poco::Timespan(30, 0));
    BOOST_TEST(slow.receiveBytes(answer.data(), static_cast<int>(answer.size())) > 0);
    BOOST_TEST(answer.starts_with("HTTP/1.1 200 OK"), answer);
    BOOST_TEST(answer.find("Connection: close") != std::string::npos, answer);
    slow.close();
    BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(forTheDrainDelayItServesOnAndIsNotReady) {
    ScriptedKeyServer keys(goodKeys());
    DaemonProcess daemon("auth.jwks.uri = " + keys.uri() + "\nserver.drainDelay = 1h\n");
    BOOST_REQUIRE(eventually([&] { return isReady(daemon); }));
    KeepAliveClient client(daemon.port());
    BOOST_TEST(client.get("/livez") == 200);
    daemon.process().terminate();
    BOOST_REQUIRE(eventually([&] { return !isReady(daemon); }));
    BOOST_TEST(daemon.get("/readyz").body == R"({"error":"the server is stopping"})");
    BOOST_TEST(eventually([&] { return client.get("/livez") == 200 && !client.isConnected(); }));
    BOOST_TEST(client.get("/livez") == 200);
    BOOST_TEST(control(daemon, {"status"}).output.find("draining") != std::string::npos);
    daemon.process().signal(SIGUSR1);
    BOOST_TEST(daemon.process().waitForLine("log files reopened", 30s).has_value());
    daemon.process().terminate();
    BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(afterTheDrainDelayItStopsByItself) {
    DaemonProcess daemon("server.drainDelay = 300ms\n");
    const auto begun = std::chrono::steady_clock::now();
    daemon.process().terminate();
    BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
    BOOST_TEST((std::chrono::steady_clock::now() - begun >= 300ms));
    BOOST_CHECK_THROW(daemon.get("/livez"), Poco::Exception);
}

BOOST_AUTO_TEST_SUITE_END()
