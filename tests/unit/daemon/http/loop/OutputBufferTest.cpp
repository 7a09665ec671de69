#include "changebank/daemon/http/loop/OutputBuffer.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <vector>

#include "tests/unit/daemon/http/HandDrivenServer.h"

using namespace changebank;
using namespace changebank::http;
using test::HandDrivenServer;

namespace {

/// Answers with the request's target, `repeated` times, after telling that it was called.
class EchoFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit EchoFactory(
        std::function<void()> called = [] {}, std::size_t repeated = 1)
        : _called(std::move(called)), _repeated(repeated) {}

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return new Handler(*this);
    }

private:
    class Handler : public Poco::Net::HTTPRequestHandler {
    public:
        explicit Handler(const EchoFactory& factory) : _factory(factory) {}
        void handleRequest(Poco::Net::HTTPServerRequest& request,
                           Poco::Net::HTTPServerResponse& response) override {
            _factory._called();
            std::string body;
            for (std::size_t i = 0; i < _factory._repeated; ++i)
                body += request.getURI();
            response.sendBuffer(body.data(), body.size());
        }

    private:
        const EchoFactory& _factory;
    };

    std::function<void()> _called;
    std::size_t _repeated;
};

std::string get(std::size_t number) {
    return "GET /" + std::to_string(number) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

bool hasBody(const std::string& answer, const std::string& body) {
    return answer.size() > body.size() && answer.substr(answer.size() - body.size() - 4) == "\r\n\r\n" + body;
}

std::vector<HandDrivenServer::Client> connect(HandDrivenServer& server, std::size_t count) {
    std::vector<HandDrivenServer::Client> clients;
    for (std::size_t i = 0; i < count; ++i)
        clients.push_back(server.connect());
    return clients;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(OutputBufferTest)

BOOST_AUTO_TEST_CASE(EveryClientOfAnIterationGetsItsOwnResponseInIt) {
    HandDrivenServer server(new EchoFactory);
    auto clients = connect(server, 2 * OutputBuffer::maxPostponed + 3);
    for (std::size_t i = 0; i < clients.size(); ++i)
        clients[i].give(get(i));
    server.runOnce();
    for (std::size_t i = 0; i < clients.size(); ++i)
        BOOST_TEST(hasBody(clients[i].taken(), "/" + std::to_string(i)), "client " << i);
}

BOOST_AUTO_TEST_CASE(ResponsesWaitForThoseOfTheSameIterationUpToTheMaximum) {
    std::vector<HandDrivenServer::Client> clients;
    std::size_t handled = 0;
    std::size_t earliest = 0;
    const auto look = [&] {
        ++handled;
        for (auto& client : clients) {
            if (earliest == 0 && !client.taken().empty()) earliest = handled;
        }
    };
    HandDrivenServer server(new EchoFactory(look));
    clients = connect(server, OutputBuffer::maxPostponed + 2);
    for (auto& client : clients)
        client.give(get(1));
    server.runOnce();
    BOOST_TEST(handled == clients.size());
    BOOST_TEST(earliest == OutputBuffer::maxPostponed + 1);
}

BOOST_AUTO_TEST_CASE(LargeAnswersDoNotWaitUntilTheyAreMany) {
    std::vector<HandDrivenServer::Client> clients;
    std::size_t handled = 0;
    std::size_t earliest = 0;
    const auto look = [&] {
        ++handled;
        for (auto& client : clients) {
            if (earliest == 0 && !client.taken().empty()) earliest = handled;
        }
    };
    // Two octets each time, so that eight answers are more than is kept.
    constexpr std::size_t eighth = OutputBuffer::maxBytes / 8;
    HandDrivenServer server(new EchoFactory(look, eighth / 2));
    clients = connect(server, 12);
    for (auto& client : clients)
        client.give(get(1));
    server.runOnce();
    BOOST_TEST(handled == clients.size());
    BOOST_TEST(earliest == 9U);
}

BOOST_AUTO_TEST_CASE(AClientThatVanishesDoesNotAffectOthers) {
    HandDrivenServer server(new EchoFactory);
    auto clients = connect(server, 5);
    for (std::size_t i = 0; i < clients.size(); ++i)
        clients[i].give(get(i));
    clients[0].vanish();
    clients[3].vanish();
    server.runOnce();
    for (const std::size_t i : {1U, 2U, 4U})
        BOOST_TEST(hasBody(clients[i].taken(), "/" + std::to_string(i)), "client " << i);
    server.runOnce();
    BOOST_TEST(server.connections() == 3U);
}

BOOST_AUTO_TEST_CASE(PipelinedResponsesStayInOrder) {
    HandDrivenServer server(new EchoFactory);
    auto clients = connect(server, 2);
    clients[0].give(get(1) + get(2));
    clients[1].give(get(3));
    server.runOnce();
    const auto answers = clients[0].taken();
    BOOST_TEST(answers.find("/1") < answers.find("/2"));
    BOOST_TEST(hasBody(answers, "/2"));
    BOOST_TEST(hasBody(clients[1].taken(), "/3"));
}

BOOST_AUTO_TEST_CASE(WhatASocketDoesNotTakeWaitsForItsClient) {
    constexpr std::size_t repeated = 500'000;
    HandDrivenServer server(new EchoFactory([] {}, repeated));
    auto clients = connect(server, 3);
    for (auto& client : clients)
        client.give(get(7));
    server.runOnce();
    BOOST_TEST(server.counters()[ConnectionState::Writing] == 3U);
    for (auto& client : clients) {
        const auto answer = client.received();
        BOOST_TEST(answer.size() > 2 * repeated);
        BOOST_TEST(answer.substr(answer.size() - 4) == "/7/7");
    }
    BOOST_TEST(server.counters()[ConnectionState::Idle] == 3U);
}

BOOST_AUTO_TEST_CASE(AClientThatDoesNotReadAPostponedResponseIsClosedAtTheWriteTimeout) {
    HandDrivenServer server(new EchoFactory([] {}, 500'000));
    auto client = server.connect(false);
    client.give(get(7));
    server.runOnce();
    const auto writeTimeout = ServerLimits().writeTimeout;
    server.pass(writeTimeout - std::chrono::milliseconds(1));
    BOOST_TEST(server.counters()[ConnectionState::Writing] == 1U);
    server.pass(std::chrono::milliseconds(1));
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(APostponedResponseIsSentThoughTheServerStopsInTheSameIteration) {
    HandDrivenServer server(new EchoFactory);
    auto clients = connect(server, 2);
    for (auto& client : clients)
        client.give(get(1));
    server.drain();
    for (auto& client : clients)
        BOOST_TEST(hasBody(client.taken(), "/1"));
}

BOOST_AUTO_TEST_SUITE_END()
