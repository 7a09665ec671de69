#include "changebank/daemon/http/loop/Connection.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <vector>

#include "changebank/base/handler/ErrorResponder.h"
#include "changebank/base/handler/SharedBodyResponse.h"
#include "changebank/daemon/http/socket/ServerTlsContext.h"
#include "tests/support/TestCertificate.h"
#include "tests/unit/daemon/http/HandDrivenServer.h"
#include "tests/unit/daemon/http/MemoryTlsClient.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using test::FunctionFactory;
using test::FunctionHandler;
using test::HandDrivenServer;
using tests::TestCertificate;

namespace {

const std::string getRequest = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

std::string post(std::size_t length) {
    return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" +
           std::string(length, 'x');
}

Poco::Net::HTTPRequestHandlerFactory::Ptr calling(const test::Handle& handle) {
    return new FunctionFactory([handle](const test::Request&) { return new FunctionHandler(handle); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ConnectionTest)

// Always four requests, more than is read at a time, are on their way.
BOOST_AUTO_TEST_CASE(AClientThatNeverPausesGetsABoundedShare) {
    const auto request = post(40'000);
    HandDrivenServer::Client* client = nullptr;
    std::size_t handled = 0;
    HandDrivenServer server(calling([&](test::Request&, test::Response& response) {
        ++handled;
        client->taken();
        client->give(request);
        response.sendBuffer("", 0);
    }));
    auto connected = server.connect();
    client = &connected;
    for (int i = 0; i < 4; ++i)
        client->give(request);
    std::size_t most = 0;
    for (int i = 0; i < 20; ++i) {
        handled = 0;
        server.runOnce();
        BOOST_TEST(handled > 0U);
        most = std::max(most, handled);
    }
    BOOST_TEST(most <= 16U);
}

BOOST_AUTO_TEST_CASE(AStoppingServerClosesAConnectionThatBecomesIdleAfterALongResponse) {
    const std::string much(4 * 1024 * 1024, 'x');
    HandDrivenServer server(calling(
        [&](test::Request&, test::Response& response) { response.sendBuffer(much.data(), much.size()); }));
    auto client = server.connect();
    client.give(getRequest);
    server.runOnce();
    BOOST_TEST(server.counters()[ConnectionState::Writing] == 1U);
    server.drain();
    BOOST_TEST(client.received().size() > much.size());
    BOOST_TEST(!client.isEnded());
    server.pass(ServerLimits().drainGrace);
    client.received();
    BOOST_TEST(client.isEnded());
}

// One that never comes to an end must not collect responses.
BOOST_AUTO_TEST_CASE(PipelinedRequestsWaitWhileResponsesAreUnread) {
    const std::string kibibyte(1024, 'x');
    std::size_t handled = 0;
    HandDrivenServer server(calling([&](test::Request&, test::Response& response) {
        ++handled;
        response.sendBuffer(kibibyte.data(), kibibyte.size());
    }));
    constexpr std::size_t count = 2000;
    std::string requests;
    for (std::size_t i = 0; i < count; ++i)
        requests += getRequest;
    auto client = server.connect(false);
    client.send(requests);
    std::size_t taken = 0;
    for (auto part = client.taken(); !part.empty(); part = client.taken())
        taken += part.size();
    BOOST_TEST(server.counters()[ConnectionState::Writing] == 1U);
    BOOST_TEST(handled * kibibyte.size() < taken + 64 * kibibyte.size());
    BOOST_TEST(server.context().memory.used() < 200 * kibibyte.size());
    // What was not handled is handled when the client reads.
    while (handled < count) {
        const auto before = handled;
        client.send({});
        while (!client.taken().empty()) {
        }
        BOOST_TEST_REQUIRE(handled > before);
    }
}

BOOST_AUTO_TEST_CASE(ASharedBodyIsSentFromWhereItIs) {
    const auto body = std::make_shared<const std::string>(std::size_t{8} * 1024 * 1024, 'x');
    HandDrivenServer server(
        calling([&](test::Request&, test::Response& response) { SharedBodyResponse::send(response, body); }));
    auto slow = server.connect(false);
    const auto idle = server.context().memory.used();
    slow.send(getRequest + getRequest);
    BOOST_TEST(server.counters()[ConnectionState::Writing] == 1U);
    BOOST_TEST(server.context().memory.used() < idle + 1024);
    BOOST_TEST(body.use_count() == 2);

    auto client = server.connect();
    client.send(getRequest + "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n" + getRequest);
    const auto responses = client.received();
    const auto length = "\r\nContent-Length: " + std::to_string(body->size()) + "\r\n\r\n";
    const auto first = responses.find(length) + length.size();
    BOOST_TEST_REQUIRE(first < 1000U);
    BOOST_TEST((responses.substr(first, body->size()) == *body));
    const auto head = responses.substr(first + body->size(), 1000);
    BOOST_TEST(head.rfind("HTTP/1.1 200 OK\r\n", 0) == 0U);
    const auto headEnd = head.find(length) + length.size();
    BOOST_TEST(head.substr(headEnd, 17) == "HTTP/1.1 200 OK\r\n");
    BOOST_TEST((responses.substr(responses.size() - body->size()) == *body));
}

BOOST_AUTO_TEST_CASE(AClientMayVanishDuringASharedBody) {
    const auto body = std::make_shared<const std::string>(std::size_t{8} * 1024 * 1024, 'x');
    HandDrivenServer server(
        calling([&](test::Request&, test::Response& response) { SharedBodyResponse::send(response, body); }));
    auto slow = server.connect(false);
    slow.send(getRequest);
    BOOST_TEST(server.counters()[ConnectionState::Writing] == 1U);
    slow.vanish();
    auto other = server.connect();
    BOOST_TEST(server.connections() == 1U);
    BOOST_TEST(body.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(BeyondTheMemoryOfAllTheLongestWaitingGo) {
    ServerLimits limits;
    limits.maxConnectionMemory = 100'000;
    HandDrivenServer server(calling(test::echo), limits);
    auto idle = server.connect();
    idle.send(getRequest);
    BOOST_TEST(idle.received().rfind("HTTP/1.1 200 ", 0) == 0U);
    const std::string head = "GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(30'000, 'x');
    auto first = server.connect();
    auto second = server.connect();
    auto third = server.connect();
    first.send(head);
    second.send(head);
    BOOST_TEST(server.counters().evicted == 0U);
    third.send(head);
    BOOST_TEST(server.counters().evicted == 1U);
    BOOST_TEST(first.received().rfind("HTTP/1.1 503 ", 0) == 0U);
    BOOST_TEST(first.isEnded());
    for (auto* client : {&second, &third}) {
        client->send("\r\n\r\n");
        BOOST_TEST(client->received().rfind("HTTP/1.1 200 ", 0) == 0U);
    }
    idle.send(getRequest);
    BOOST_TEST(idle.received().rfind("HTTP/1.1 200 ", 0) == 0U, "it held nothing");
    for (auto* client : {&idle, &first, &second, &third})
        client->vanish();
    server.pass(limits.lingerTimeout);
    BOOST_TEST(server.context().memory.used() == 0U);
}

BOOST_AUTO_TEST_CASE(AClientsCertificateCountsUntilItsConnectionCloses) {
    const TestCertificate certificate;
    const TestCertificate own;
    HandDrivenServer server(
        calling(test::echo), {}, nullptr,
        std::make_shared<ReplaceableTlsContext>(serverTlsContext(
            {certificate.certificateFile(), certificate.keyFile(), {}, ClientCertificates::Request})));
    const auto memoryWith = [&](const TestCertificate* shown) {
        auto client = server.connect();
        test::MemoryTlsClient tls(TLS1_3_VERSION, shown);
        client.send(tls.answer({}));
        client.send(tls.answer(client.received()));
        BOOST_TEST(!client.received().empty(), "tickets");
        const auto used = server.context().memory.used();
        client.vanish();
        server.pass(std::chrono::seconds(1));
        BOOST_TEST(server.connections() == 0U);
        BOOST_TEST(server.context().memory.used() == 0U);
        return used;
    };
    BOOST_TEST(memoryWith(&own) > memoryWith(nullptr) + 4096);
}

// Neither half bodies nor responses that nobody reads, nor connections as such.
BOOST_AUTO_TEST_CASE(NoFloodExceedsTheMemoryOfAll) {
    const std::string much(100'000, 'x');
    ServerLimits limits;
    limits.maxConnectionMemory = 1'000'000;
    for (const std::string& request :
         {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n" + std::string(59'000, 'x'),
          getRequest, std::string("G"), std::string()}) {
        HandDrivenServer server(calling([&](test::Request&, test::Response& response) {
                                    response.sendBuffer(much.data(), much.size());
                                }),
                                limits);
        std::vector<HandDrivenServer::Client> clients;
        for (int i = 0; i < 700; ++i) {
            clients.push_back(server.connect(false));
            clients.back().send(request);
            BOOST_TEST_REQUIRE(server.context().memory.used() <= limits.maxConnectionMemory + 300'000);
        }
        BOOST_TEST(server.counters().evicted > 0U);
        auto client = server.connect();
        client.send(getRequest);
        BOOST_TEST(client.received().size() > much.size());
    }
}

// Its memory would be the handler's until it ends.
BOOST_AUTO_TEST_CASE(NothingWaitsForAThreadWhileMemoryIsShort) {
    ServerLimits limits;
    limits.maxConnectionMemory = 50'000;
    HandDrivenServer server(new FunctionFactory(test::TestServer::blocking(test::echo)), limits);
    auto client = server.connect();
    server.context().memory.add(limits.maxConnectionMemory);
    client.give(getRequest);
    server.runOnce();
    server.context().memory.subtract(limits.maxConnectionMemory);
    BOOST_TEST(client.received().rfind("HTTP/1.1 503 ", 0) == 0U);
}

namespace {

/// Completes errors with what it knows of the request.
class Completing : public FunctionFactory, public ErrorResponder {
public:
    using FunctionFactory::FunctionFactory;
    void completeError(const test::Request& request, test::Response& response) override {
        const auto text = request.getMethod() + " " + request.get("Origin", "-");
        response.set("X-Completed", std::to_string(static_cast<int>(response.getStatus())));
        response.sendBuffer(text.data(), text.size());
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(TheFactoryCompletesTheServersOwnResponses) {
    ServerLimits limits;
    limits.maxHeaderBytes = 1024;
    limits.maxBodyBytes = 10;
    limits.maxBlockingQueue = 0;
    limits.blockingThreads = 0;
    const std::string fields = "Host: h\r\nOrigin: o\r\n";
    const std::string tooMuch(2000, 'x');
    struct Case {
        std::string bytes;
        int status;
        std::string body;
    };
    for (const auto& [bytes, status, body] : {
             Case{"GET /%zz HTTP/1.1\r\n" + fields + "\r\n", 400, " o"},
             Case{"GET / HTTP/1.1\r\nBad Name: x\r\n" + fields + "\r\n", 400, "GET o"},
             Case{"GET / HTTP/1.1\r\n" + fields + "folded:\r\n x\r\n\r\n", 400, " o"},
             Case{"GET / HTTP/1.1\r\n" + fields + "A: " + tooMuch + "\r\n\r\n", 431, " o"},
             Case{"GET / HTTP/1.1\r\nA: " + tooMuch + "\r\n" + fields + "\r\n", 431, " o"},
             Case{"GET /" + tooMuch + " HTTP/1.1\r\n" + fields + "\r\n", 414, " o"},
             Case{"POST / HTTP/1.1\r\n" + fields + "Content-Length: 11\r\n\r\n", 413, "POST o"},
             Case{"POST / HTTP/1.1\r\n" + fields + "Expect: more\r\n\r\n", 417, "POST o"},
             Case{"GET / HTTP/2.0\r\n" + fields + "\r\n", 505, " o"},
             Case{"GET /throws HTTP/1.1\r\n" + fields + "\r\n", 500, "GET o"},
             Case{"GET /invalid HTTP/1.1\r\n" + fields + "\r\n", 500, "GET o"},
             Case{"GET /nothing HTTP/1.1\r\n" + fields + "\r\n", 501, "GET o"},
             Case{"GET / HTTP/1.1\r\n" + fields + "Incompl", 408, " o"},
             Case{"POST / HTTP/1.1\r\n" + fields + "Content-Length: 9\r\n\r\nx", 408, "POST o"},
         }) {
        BOOST_TEST_CONTEXT(bytes.substr(0, 60)) {
            const test::ErrorCount errors;
            HandDrivenServer server(
                new Completing([](const test::Request& request) -> FunctionHandler* {
                    if (request.getURI() == "/throws") throw std::bad_alloc();
                    if (request.getURI() == "/nothing") return nullptr;
                    return new FunctionHandler(
                        [](test::Request&, test::Response& response) { response.set("In valid", "x"); });
                }),
                limits);
            auto client = server.connect();
            client.send(bytes);
            if (status == 408) server.pass(limits.headerTimeout);
            const auto response = client.received();
            BOOST_TEST(response.substr(9, 3) == std::to_string(status));
            BOOST_TEST(response.find("\r\nX-Completed: " + std::to_string(status) + "\r\n") !=
                       std::string::npos);
            BOOST_TEST(response.substr(response.find("\r\n\r\n") + 4) == body);
            BOOST_TEST(client.isEnded());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
