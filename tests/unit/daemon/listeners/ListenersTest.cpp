#include "changebank/daemon/listeners/Listeners.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "changebank/daemon/listeners/ListenerLimits.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;

namespace {

class Factory : public Poco::Net::HTTPRequestHandlerFactory {
    struct Handler : Poco::Net::HTTPRequestHandler {
        void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
            response.sendBuffer("ok", 2);
        }
    };

public:
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return new Handler;
    }
};

/// Counts the answers that the server is busy.
struct BusyCounter : AccessObserver {
    void answered(const AccessRecord& record) noexcept override {
        if (record.status == Poco::Net::HTTPResponse::HTTP_SERVICE_UNAVAILABLE) ++busy;
    }
    std::atomic<int> busy = 0;
};

struct Fixture {
    static Settings settingsFor(std::uint16_t port, unsigned threads = 1,
                                std::chrono::milliseconds drainDelay = 0ms) {
        Settings settings;
        settings.server.host = "127.0.0.1";
        settings.server.port = port;
        settings.server.limits.threads = threads;
        settings.server.limits.drainDelay = drainDelay;
        return settings;
    }

    /// Another address than that of settingsFor(0).
    static Settings elsewhere(std::chrono::milliseconds drainDelay) {
        auto settings = settingsFor(0, 1, drainDelay);
        settings.server.host = "127.0.0.2";
        return settings;
    }

    Listeners::PendingUpdate prepare(const Settings& settings) {
        std::vector<AddressFault> faults;
        auto sockets = listeners.sockets().rebound(settings, faults);
        BOOST_REQUIRE(faults.empty());
        address = sockets.of(ListenerPurpose::api)->socket.address();
        return listeners.prepare(settings, std::move(sockets), nullptr);
    }

    /// A client that has sent a request, from that address of this machine.
    Poco::Net::StreamSocket client(
        const std::string& request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        const std::string& from = "127.0.0.1") const {
        Poco::Net::StreamSocket socket;
        socket.impl()->bind(Poco::Net::SocketAddress(from, 0));
        socket.connect(address, Poco::Timespan(10, 0));
        socket.setReceiveTimeout(Poco::Timespan(30, 0));
        if (!request.empty()) socket.sendBytes(request.data(), static_cast<int>(request.size()));
        return socket;
    }

    static bool isAnswered(Poco::Net::StreamSocket& client) {
        std::string answer(1024, '\0');
        const int bytes = client.receiveBytes(answer.data(), static_cast<int>(answer.size()));
        return bytes > 0 && answer.starts_with("HTTP/1.1 200 OK");
    }

    static bool isSilent(Poco::Net::StreamSocket& client) {
        return !client.poll(Poco::Timespan(0, 100'000), Poco::Net::Socket::SELECT_READ);
    }

    std::shared_ptr<BusyCounter> observer = std::make_shared<BusyCounter>();
    Listeners listeners{{new Factory, new Factory, new Factory, new Factory, new Factory},
                        {.revocation = observer}};
    Poco::Net::SocketAddress address;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ListenersTest, Fixture)

BOOST_AUTO_TEST_CASE(aPreparedUpdateServesFromItsCommitOn) {
    auto pending = prepare(settingsFor(0));
    auto waiting = client();
    BOOST_TEST(isSilent(waiting));
    BOOST_TEST(listeners.status().empty());
    listeners.commit(std::move(pending));
    BOOST_TEST(isAnswered(waiting));
    BOOST_TEST(listeners.status().size() == 1U);
}

BOOST_AUTO_TEST_CASE(anUpdateThatIsDroppedTouchesNothing) {
    listeners.commit(prepare(settingsFor(0)));
    { const auto dropped = prepare(settingsFor(address.port(), 2)); }
    auto served = client();
    BOOST_TEST(isAnswered(served));
    { const auto moved = prepare(elsewhere(0ms)); }
    BOOST_CHECK_THROW(client(), Poco::Net::ConnectionRefusedException);
}

BOOST_AUTO_TEST_CASE(anotherNumberOfLoopsOnTheSameSocketLosesNoConnection) {
    listeners.commit(prepare(settingsFor(0)));
    const auto before = address;
    for (const unsigned threads : {2U, 1U, 3U}) {
        auto early = client();
        listeners.commit(prepare(settingsFor(before.port(), threads)));
        auto late = client();
        BOOST_TEST((address == before));
        BOOST_TEST(isAnswered(early));
        BOOST_TEST(isAnswered(late));
    }
}

BOOST_AUTO_TEST_CASE(anAddressThatIsLeftIsServedForTheDrainDelay) {
    listeners.commit(prepare(settingsFor(0, 1, 1h)));
    const auto old = address;
    listeners.commit(prepare(elsewhere(1h)));
    BOOST_TEST((address != old));
    auto served = client();
    BOOST_TEST(isAnswered(served));
    address = old;
    auto late = client();
    BOOST_TEST(isAnswered(late));
}

BOOST_AUTO_TEST_CASE(theWayBackToAnAddressThatDrainsIsFree) {
    for (const auto delay : {0ms, std::chrono::milliseconds(1h)}) {
        listeners.commit(prepare(settingsFor(0, 1, delay)));
        const auto home = address;
        for (int round = 0; round < 5; ++round) {
            listeners.commit(prepare(elsewhere(delay)));
            auto moved = client();
            BOOST_TEST(isAnswered(moved));
            listeners.commit(prepare(settingsFor(home.port(), 1, delay)));
            BOOST_TEST((address == home));
            auto back = client();
            BOOST_TEST(isAnswered(back));
        }
    }
}

BOOST_AUTO_TEST_CASE(clientsThatSendNoBodyDoNotKeepOthersFromTheReceiverOfEvents) {
    auto settings = settingsFor(0);
    settings.revocation.listen = ListenerAddress::parse("127.0.0.1:0");
    settings.revocation.webhookMaxBodyBytes = 1024;
    listeners.commit(prepare(settings));
    address = listeners.sockets().of(ListenerPurpose::revocation)->socket.address();
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n";
    std::vector<Poco::Net::StreamSocket> idle;
    for (int i = 0; i < 80; ++i)
        idle.push_back(client(head, i % 2 == 0 ? "127.0.0.2" : "127.0.0.3"));
    auto served = client();
    BOOST_TEST(isAnswered(served));
}

BOOST_AUTO_TEST_CASE(theObserverOfEventsHearsOfConnectionsThatAreRefused) {
    auto settings = settingsFor(0);
    settings.revocation.listen = ListenerAddress::parse("127.0.0.1:0");
    listeners.commit(prepare(settings));
    address = listeners.sockets().of(ListenerPurpose::revocation)->socket.address();
    std::vector<Poco::Net::StreamSocket> idle;
    for (std::size_t i = 0; i < limitsOf(ListenerPurpose::revocation, settings).maxConnectionsPerClient; ++i)
        idle.push_back(client("POST / HTTP/1.1\r\n", "127.0.0.2"));
    auto refused = client("", "127.0.0.2");
    std::string answer(1024, '\0');
    BOOST_TEST(refused.receiveBytes(answer.data(), static_cast<int>(answer.size())) > 0);
    BOOST_TEST(answer.starts_with("HTTP/1.1 503 "));
    BOOST_TEST(observer->busy == 1);
}

BOOST_AUTO_TEST_CASE(theDecisionEndpointDrainsAtTheSameTimeAsTheApi) {
    auto settings = settingsFor(0, 1, 500ms);
    settings.decision.listen = ListenerAddress::parse("127.0.0.1:0");
    listeners.commit(prepare(settings));
    address = listeners.sockets().of(ListenerPurpose::decision)->socket.address();
    auto early = client();
    const auto begin = std::chrono::steady_clock::now();
    listeners.stop(false);
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 1'000ms));
    BOOST_TEST(isAnswered(early));
    BOOST_CHECK_THROW(client(), Poco::Net::ConnectionRefusedException);
}

BOOST_AUTO_TEST_CASE(whatStopsRefusesConnections) {
    listeners.commit(prepare(settingsFor(0)));
    auto early = client();
    listeners.stop(false);
    BOOST_TEST(isAnswered(early));
    BOOST_CHECK_THROW(client(), Poco::Net::ConnectionRefusedException);
}

BOOST_AUTO_TEST_SUITE_END()
