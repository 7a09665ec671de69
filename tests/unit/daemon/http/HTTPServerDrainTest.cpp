#include <Poco/Net/NetException.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "changebank/daemon/http/socket/ServerTlsContext.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TestCertificate.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using namespace changebank::http::test;
using namespace std::chrono_literals;

namespace {

const std::string getRequest = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

ServerParams::Ptr with(std::chrono::milliseconds drain, std::chrono::milliseconds grace) {
    auto limits = testLimits();
    limits.drainTimeout = drain;
    limits.drainGrace = grace;
    return new ServerParams(limits);
}

FunctionFactory::Create waitingAt(Gate& gate) {
    return [&](const Request& request) -> Poco::Net::HTTPRequestHandler* {
        if (request.getURI() != "/block") return new FunctionHandler(echo);
        return new BlockingFunctionHandler([&](Request& blocked, Response& response) {
            gate.pass();
            echo(blocked, response);
        });
    };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HTTPServerDrainTest)

BOOST_AUTO_TEST_CASE(AnswersWhatIsInFlightAndClosesTheRest) {
    Gate gate;
    TestServer server(waitingAt(gate), with(30s, 50ms));
    auto busy = server.connect();
    busy.send("GET /block HTTP/1.1\r\nHost: h\r\n\r\n");
    gate.awaitVisitors(1);
    auto idle = server.connect();
    idle.exchange(getRequest);
    auto fresh = server.connect();
    BOOST_TEST(eventually([&] { return server.server().currentConnections() == 3; }));

    auto stopped = std::async(std::launch::async, [&] { server.server().stop(); });
    BOOST_TEST(idle.isEnded());
    BOOST_TEST(fresh.isEnded());
    BOOST_CHECK_THROW(server.connect(), Poco::Net::ConnectionRefusedException);
    BOOST_TEST((stopped.wait_for(0s) == std::future_status::timeout));
    gate.open();
    const auto response = busy.read();
    BOOST_TEST(response.status == 200);
    BOOST_TEST(response.field("Connection") == "close");
    BOOST_TEST(busy.isEnded());
    busy.socket().close();
    stopped.get();
    BOOST_TEST(server.server().currentConnections() == 0);
}

BOOST_AUTO_TEST_CASE(AnswersARequestThatWasOnItsWay) {
    // Time stands still for connections, so that none is closed for being idle.
    tests::ManualClock clock;
    auto params = with(30s, 10ms);
    params->setClock(clock);
    TestServer server([](const Request&) { return new FunctionHandler(echo); }, params);
    auto idle = server.connect();
    idle.exchange(getRequest);
    auto half = server.connect();
    half.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab");
    BOOST_TEST(eventually([&] { return server.server().counters()[ConnectionState::ReadingBody] == 1; }));
    auto stopped = std::async(std::launch::async, [&] { server.server().stop(); });
    BOOST_TEST(eventually([&] {
        try {
            server.connect();
            return false;
        } catch (const Poco::Exception&) {
            return true;
        }
    }));
    const auto late = idle.exchange(getRequest);
    BOOST_TEST(late.status == 200);
    BOOST_TEST(late.field("Connection") == "close");
    BOOST_TEST(half.exchange("c").field("Connection") == "close");
    idle.socket().close();
    half.socket().close();
    stopped.get();
}

BOOST_AUTO_TEST_CASE(ServesOnForTheDrainDelayAndClosesAfterEachResponse) {
    auto limits = testLimits();
    limits.drainDelay = 1h;
    TestServer server([](const Request&) { return new FunctionHandler(echo); }, new ServerParams(limits));
    auto before = server.connect();
    before.exchange(getRequest);
    auto stopped = std::async(std::launch::async, [&] { server.server().stop(); });
    BOOST_TEST(
        eventually([&] { return server.connect().exchange(getRequest).field("Connection") == "close"; }));
    const auto last = before.exchange(getRequest);
    BOOST_TEST(last.status == 200);
    BOOST_TEST(last.field("Connection") == "close");
    BOOST_TEST(before.isEnded());
    BOOST_TEST((stopped.wait_for(0s) == std::future_status::timeout));
    server.server().stopAll(true);
    BOOST_TEST((stopped.wait_for(30s) == std::future_status::ready));
}

BOOST_AUTO_TEST_CASE(AnIdleConnectionMayStayForTheDrainDelay) {
    auto limits = testLimits();
    limits.drainDelay = 1h;
    limits.drainGrace = 1ms;
    TestServer server([](const Request&) { return new FunctionHandler(echo); }, new ServerParams(limits));
    auto idle = server.connect();
    idle.exchange(getRequest);
    auto stopped = std::async(std::launch::async, [&] { server.server().stop(); });
    BOOST_TEST(
        eventually([&] { return server.connect().exchange(getRequest).field("Connection") == "close"; }));
    BOOST_TEST(idle.isQuiet(50ms));
    server.server().stopAll(true);
    stopped.get();
}

BOOST_AUTO_TEST_CASE(AListenerThatIsHandedOverIsNotWaitedForNorClosedToOthers) {
    auto limits = testLimits();
    limits.drainDelay = 1h;
    const auto listener = listenOn({"127.0.0.1", 0});
    const auto create = [](const Request&) { return new FunctionHandler(echo); };
    const auto serverOn = [&](const Poco::Net::ServerSocket& socket) {
        auto server =
            std::make_unique<HTTPServer>(new FunctionFactory(create), socket, new ServerParams(limits));
        server->start();
        return server;
    };
    const auto first = serverOn(adoptListener(::dup(listener.impl()->sockfd())));
    auto old = RawClient::plain(first->port());
    BOOST_TEST(old.exchange(getRequest).status == 200);
    auto stopped = std::async(std::launch::async, [&] { first->stop(); });
    BOOST_TEST(eventually(
        [&] { return RawClient::plain(first->port()).exchange(getRequest).field("Connection") == "close"; }));
    const auto second = serverOn(listener);
    first->handOver();
    BOOST_TEST((stopped.wait_for(30s) == std::future_status::ready));
    BOOST_TEST(RawClient::plain(second->port()).exchange(getRequest).field("Connection") == "-");
}

BOOST_AUTO_TEST_CASE(ASharedListenerKeepsItsQueue) {
    const auto listener = listenOn({"127.0.0.1", 0});
    const auto create = [](const Request&) { return new FunctionHandler(echo); };
    for (int round = 0; round < 2; ++round) {
        ServerParams::Ptr params = with(30s, 10ms);
        params->setSharedListener(true);
        HTTPServer server(new FunctionFactory(create), adoptListener(::dup(listener.impl()->sockfd())),
                          params);
        auto waiting = RawClient::plain(listener.address().port());
        waiting.send(getRequest);
        server.start();
        BOOST_TEST(waiting.read().status == 200);
        server.stop();
    }
    auto queued = RawClient::plain(listener.address().port());
    BOOST_TEST(queued.isQuiet(10ms));
}

BOOST_AUTO_TEST_CASE(LosesNoConnectionThatTheKernelTook) {
    for (int round = 0; round < 3; ++round) {
        TestServer server([](const Request&) { return new FunctionHandler(echo); }, with(30s, 50ms));
        std::atomic<int> answered{0};
        std::atomic<int> lost{0};
        std::vector<std::jthread> clients;
        for (int i = 0; i < 16; ++i) {
            clients.emplace_back([&] {
                while (true) {
                    try {
                        auto client = server.connect();
                        try {
                            client.exchange("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
                            ++answered;
                        } catch (const Poco::Exception&) {
                            ++lost;
                        }
                    } catch (const Poco::Net::ConnectionRefusedException&) {
                        return;
                    }
                }
            });
        }
        BOOST_TEST(eventually([&] { return answered > 200; }));
        server.server().stop();
        clients.clear();
        BOOST_TEST(lost == 0);
        BOOST_TEST(server.requests() == answered);
    }
}

BOOST_AUTO_TEST_CASE(AConnectionBeforeItsTlsHandshakeIsNotIdle) {
    const tests::TestCertificate certificate;
    auto params = with(30s, 250ms);
    params->setTlsContextSource(std::make_shared<ReplaceableTlsContext>(
        serverTlsContext({certificate.certificateFile(), certificate.keyFile(), {}})));
    TestServer server([](const Request&) { return new FunctionHandler(echo); }, params);
    auto client = server.connect();
    BOOST_TEST(eventually([&] { return server.server().currentConnections() == 1; }));
    auto stopped = std::async(std::launch::async, [&] { server.server().stop(); });
    BOOST_TEST(client.isQuiet(500ms));
    client.startTls();
    const auto response = client.exchange(getRequest);
    BOOST_TEST(response.status == 200);
    BOOST_TEST(response.field("Connection") == "close");
    client.socket().close();
    stopped.get();
}

BOOST_AUTO_TEST_CASE(CutsWhatOutlastsTheDrain) {
    Gate gate;
    TestServer server(waitingAt(gate), with(200ms, 10ms));
    auto busy = server.connect();
    busy.send("GET /block HTTP/1.1\r\nHost: h\r\n\r\n");
    gate.awaitVisitors(1);
    auto slow = server.connect();
    slow.send("GET /");
    const auto start = std::chrono::steady_clock::now();
    server.server().stop();
    BOOST_TEST((std::chrono::steady_clock::now() - start >= 200ms));
    BOOST_TEST(busy.isEnded());
    BOOST_TEST(slow.isEnded());
    gate.open();
}

BOOST_AUTO_TEST_CASE(ASecondStopCutsTheFirstShort) {
    Gate gate;
    TestServer server(waitingAt(gate), with(60s, 10ms));
    auto busy = server.connect();
    busy.send("GET /block HTTP/1.1\r\nHost: h\r\n\r\n");
    gate.awaitVisitors(1);
    auto idle = server.connect();
    idle.exchange(getRequest);
    auto stopped = std::async(std::launch::async, [&] { server.server().stopAll(false); });
    BOOST_TEST(idle.isEnded());
    BOOST_TEST((stopped.wait_for(20ms) == std::future_status::timeout));
    server.server().stopAll(true);
    BOOST_TEST((stopped.wait_for(30s) == std::future_status::ready));
    BOOST_TEST(busy.isEnded());
    gate.open();
}

BOOST_AUTO_TEST_CASE(AbortCutsAtOnce) {
    TestServer server([](const Request&) { return new FunctionHandler(echo); }, with(60s, 60s));
    auto idle = server.connect();
    idle.exchange(getRequest);
    server.server().stopAll(true);
    BOOST_TEST(idle.isEnded());
    BOOST_TEST(server.server().currentConnections() == 0);
}

BOOST_AUTO_TEST_CASE(LosesNoResponseUnderLoad) {
    for (int round = 0; round < 3; ++round) {
        TestServer server(
            [](const Request& request) -> Poco::Net::HTTPRequestHandler* {
                if (request.getURI() == "/block") return new BlockingFunctionHandler(echo);
                return new FunctionHandler(echo);
            },
            with(30s, 500ms));
        std::atomic<int> answered{0};
        std::atomic<int> lost{0};
        // All connect before the stop, which refuses later ones.
        std::vector<RawClient> connections;
        for (int i = 0; i < 8; ++i)
            connections.push_back(server.connect());
        std::vector<std::jthread> clients;
        for (int i = 0; i < 8; ++i) {
            clients.emplace_back([&, i] {
                auto& client = connections[static_cast<std::size_t>(i)];
                try {
                    for (;;) {
                        const auto response = client.exchange(
                            i % 2 == 0 ? getRequest : "GET /block HTTP/1.1\r\nHost: h\r\n\r\n");
                        ++answered;
                        if (response.field("Connection") == "close") return;
                    }
                } catch (const Poco::Exception&) {
                    ++lost;
                }
            });
        }
        BOOST_TEST(eventually([&] { return answered > 200; }));
        server.server().stop();
        clients.clear();
        BOOST_TEST(lost == 0);
        BOOST_TEST(server.requests() == answered);
    }
}

BOOST_AUTO_TEST_SUITE_END()
