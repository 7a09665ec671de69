// No caller's work holds up another's: panics of tellers while others flood the daemon.
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <map>
#include <thread>

#include "changebank/base/text/Base64Url.h"
#include "tests/integration/ControlProcess.h"
#include "tests/integration/KeepAliveClient.h"
#include "tests/support/Eventually.h"

using namespace changebank;
using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

/// Sends requests on many connections, a new one on each after its answer, until destroyed. Counts the
/// statuses.
class Flood {
public:
    Flood(std::uint16_t port, std::size_t connections, std::function<std::string()> nextRequest)
        : _port(port), _connections(connections), _next(std::move(nextRequest)), _thread([this] { run(); }) {}
    ~Flood() {
        _stopping = true;
        _thread.join();
    }
    Flood(const Flood&) = delete;
    Flood& operator=(const Flood&) = delete;

    std::size_t answered(int status) const { return _answered[static_cast<std::size_t>(status)]; }

private:
    void run() {
        std::vector<Poco::Net::StreamSocket> sockets;
        while (!_stopping) {
            while (sockets.size() < _connections) {
                sockets.emplace_back(Poco::Net::SocketAddress("127.0.0.1", _port));
                send(sockets.back());
            }
            Poco::Net::Socket::SocketList reads(sockets.begin(), sockets.end());
            Poco::Net::Socket::SocketList writes;
            Poco::Net::Socket::SocketList errors;
            Poco::Net::Socket::select(reads, writes, errors, Poco::Timespan(0, 50'000));
            for (auto& socket : reads)
                receive(sockets, Poco::Net::StreamSocket(socket));
        }
    }

    void send(Poco::Net::StreamSocket& socket) {
        const auto request = _next();
        socket.sendBytes(request.data(), static_cast<int>(request.size()));
    }

    void receive(std::vector<Poco::Net::StreamSocket>& sockets, Poco::Net::StreamSocket socket) {
        std::array<char, 8192> buffer{};
        int count = 0;
        try {
            count = socket.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
            const std::string_view text(buffer.data(), static_cast<std::size_t>(std::max(count, 0)));
            if (text.rfind("HTTP/1.1 ", 0) == 0)
                ++_answered[static_cast<std::size_t>(std::stoi(std::string(text.substr(9, 3))))];
            if (count > 0 && text.find("Connection: close") == std::string_view::npos) return send(socket);
        } catch (const Poco::Exception&) {
            count = 0;
        }
        std::erase(sockets, socket);
    }

    std::uint16_t _port;
    std::size_t _connections;
    std::function<std::string()> _next;
    std::array<std::atomic<std::size_t>, 600> _answered{};
    std::atomic<bool> _stopping{false};
    std::thread _thread;
};

std::string requestOf(const std::string& method, const std::string& path, const std::string& token) {
    return method + " " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n";
}

/// A token of a key that does not exist.
std::string madeUpToken() {
    static std::atomic<int> number{0};
    return encodeBase64Url(R"({"alg":"RS256","kid":"x)" + std::to_string(++number) + "\"}") + ".e30." +
           std::string(342, 'A');
}

struct Fixture {
    ScriptedKeyServer keys{goodKeys()};
    TemporaryFolder folder;
    std::string teller = goodToken("teller").signedBy(signingKey());
    std::string customer = goodToken("customer").signedBy(signingKey());

    std::string settings(const std::string& more = {}) const {
        return "auth.jwks.uri = " + keys.uri() +
               "\nlog.access = false\naudit.file = " + folder.file("audit") + "\n" + more;
    }

    /// The longest of so many panics, which must all be answered.
    std::chrono::milliseconds slowestOf(int panics, const DaemonProcess& daemon) const {
        std::chrono::steady_clock::duration slowest{0};
        for (int i = 0; i < panics; ++i) {
            const auto begun = std::chrono::steady_clock::now();
            BOOST_TEST(daemon.post("/panic", bearer(teller)).status == 200);
            slowest = std::max(slowest, std::chrono::steady_clock::now() - begun);
        }
        return std::chrono::duration_cast<std::chrono::milliseconds>(slowest);
    }
};

/// Far below the five seconds that a fetch of the keys may take.
constexpr auto inTime = 2'500ms;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(CrowdingTest, Fixture)

BOOST_AUTO_TEST_CASE(madeUpKeysWhileTheKeyServerHangsDoNotDelayPanics) {
    DaemonProcess daemon(settings("auth.jwks.maxWaiting = 200\n"));
    BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s));
    BOOST_TEST(daemon.post("/panic", bearer(teller)).status == 200);
    keys.play(ScriptedKeyServer::silence());
    const Flood flood(daemon.port(), 300, [] { return requestOf("GET", "/me", madeUpToken()); });
    const auto metric = [&](const std::string& line) {
        return control(daemon, {"metrics"}).output.find(line + "\n") != std::string::npos;
    };
    // The limit, not one more, waits; the others are told at once to come again.
    BOOST_REQUIRE(
        eventually([&] { return metric(R"(changebank_jwks_waiting_requests{issuer="default"} 200)"); }));
    BOOST_TEST(metric(R"(changebank_http_connections{state="suspended"} 200)"));
    BOOST_TEST((slowestOf(30, daemon) < inTime));
    BOOST_TEST(flood.answered(503) > 0U);
    const auto refused = daemon.get("/me", bearer(madeUpToken()));
    BOOST_TEST(refused.status == 503);
    BOOST_TEST(std::stoi(refused.head.get("Retry-After")) >= 1);
    BOOST_TEST(refused.body ==
               R"({"error":"too many requests wait for the JSON Web Key Set","code":"ERR_JWKS_BUSY"})");
}

BOOST_AUTO_TEST_CASE(aSuspendedRequestIsAnsweredWhenTheKeysCome) {
    DaemonProcess daemon(settings("server.blockingThreads = 1\nserver.reservedThreads = 1\n"));
    BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s));
    const auto fresh = TestKey::generate(security::KeyFamily::rsa);
    std::atomic<bool> isOpen{false};
    keys.play([&](Poco::Net::StreamSocket& connection, const std::string& head) {
        while (!isOpen && !keys.isStopping())
            std::this_thread::sleep_for(1ms);
        ScriptedKeyServer::document(keySetOf({fresh.jwk(R"("kid":"new")")}))(connection, head);
    });
    const auto token = bearer(goodToken("customer").header("kid", R"("new")").signedBy(fresh));
    std::atomic<int> served{0};
    std::vector<std::thread> clients;
    for (int i = 0; i < 40; ++i) {
        clients.emplace_back([&] {
            if (daemon.get("/make-change?total=1", token).status == 200) ++served;
        });
    }
    BOOST_TEST(eventually([&] {
        return control(daemon, {"metrics"})
                   .output.find("changebank_jwks_waiting_requests{issuer=\"default\"} 40\n") !=
               std::string::npos;
    }));
    isOpen = true;
    for (auto& client : clients)
        client.join();
    BOOST_TEST(served == 40);
}

BOOST_AUTO_TEST_CASE(refusedPanicsOfACustomerDoNotDelayThoseOfATeller) {
    DaemonProcess daemon(settings());
    BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s));
    const Flood flood(daemon.port(), 300, [this] { return requestOf("POST", "/panic", customer); });
    BOOST_REQUIRE(eventually([&] { return flood.answered(403) > 1'000U; }));
    BOOST_TEST((slowestOf(30, daemon) < inTime));
    BOOST_TEST(flood.answered(503) == 0U);
    // What the customer writes is bounded: two windows of a minute at most, and their last lines.
    const auto metrics = control(daemon, {"metrics"}).output;
    const std::string counted = R"(changebank_audit_events_total{event="role_refused",outcome="recorded"} )";
    const auto at = metrics.find(counted);
    BOOST_REQUIRE(at != std::string::npos);
    BOOST_TEST(std::stoi(metrics.substr(at + counted.size())) <= 120);
}

BOOST_AUTO_TEST_SUITE_END()
