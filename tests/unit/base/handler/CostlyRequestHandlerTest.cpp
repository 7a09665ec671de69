#include "changebank/base/handler/CostlyRequestHandler.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/unit/daemon/http/HandDrivenServer.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using namespace std::chrono_literals;
using changebank::CostlyRequestHandler;
using test::HandDrivenServer;

namespace {

using Handler = Poco::Net::HTTPRequestHandler;
using Find = std::function<std::unique_ptr<Handler>(const test::Request&)>;

class CostlyFunctionHandler : public CostlyRequestHandler {
public:
    explicit CostlyFunctionHandler(Find find) : _find(std::move(find)) {}
    std::unique_ptr<Handler> find(const test::Request& request) override { return _find(request); }

private:
    Find _find;
};

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

/// Answers each request with its target, or with more than a socket takes for "/large"; for a path that
/// begins with "/costly" it takes 60 microseconds to know who does.
struct Fixture {
    std::unique_ptr<Handler> answering(const std::string& path) {
        return std::make_unique<test::FunctionHandler>(
            [this, path](test::Request&, test::Response& response) {
                const auto body = path == "/large" ? std::string(250'000, 'x') : path;
                response.sendBuffer(body.data(), body.size());
                events.push_back("answer " + path);
            });
    }

    Handler* create(const test::Request& request) {
        ++created;
        const auto& path = request.getURI();
        if (path.rfind("/costly", 0) != 0) return answering(path).release();
        return new CostlyFunctionHandler([this](const test::Request& asked) {
            events.push_back("find " + asked.getURI());
            server.advance(60us);
            return find(asked);
        });
    }

    std::vector<HandDrivenServer::Client> connect(std::size_t count) {
        std::vector<HandDrivenServer::Client> clients;
        for (std::size_t i = 0; i < count; ++i)
            clients.push_back(server.connect());
        return clients;
    }

    std::size_t count(const std::string& begin) const {
        return static_cast<std::size_t>(
            std::count_if(events.begin(), events.end(),
                          [&begin](const std::string& event) { return event.rfind(begin, 0) == 0; }));
    }
    /// Each client asks for "/costly" and its number.
    std::vector<HandDrivenServer::Client> connectAndAsk(std::size_t count) {
        auto clients = connect(count);
        for (std::size_t i = 0; i < count; ++i)
            clients[i].give(get("/costly" + std::to_string(i)));
        return clients;
    }

    std::size_t found() const { return count("find"); }
    std::size_t waiting() const { return created - count("answer"); }

    std::size_t created = 0;
    std::vector<std::string> events;
    Find find = [this](const test::Request& request) { return answering(request.getURI()); };
    HandDrivenServer server{
        new test::FunctionFactory([this](const test::Request& request) { return create(request); })};
};

bool endsWith(const std::string& text, const std::string& end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(CostlyRequestHandlerTest, Fixture)

BOOST_AUTO_TEST_CASE(WhatCameWhileTheLastRequestWaitedKeepsItsConnectionFromBeingClosedAtOnce) {
    auto clients = connect(4);
    for (std::size_t i = 0; i < 3; ++i)
        clients[i].give(get("/costly"));
    clients[3].give("GET /costly HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    server.turn();
    BOOST_TEST(found() < 4U);
    clients[3].give("x");
    for (int turns = 0; turns < 4; ++turns)
        server.turn();
    BOOST_TEST(found() == 4U);
    BOOST_TEST((server.counters()[ConnectionState::Closing] == 1U));
}

BOOST_AUTO_TEST_CASE(WhoCanBeAnsweredAtOnceIsAnsweredBeforeTheFirstCostlyOne) {
    auto clients = connect(3);
    std::string early;
    find = [&](const test::Request& request) {
        early += clients[2].taken();
        return answering(request.getURI());
    };
    clients[0].give(get("/costly0"));
    clients[1].give(get("/costly1"));
    clients[2].give(get("/cheap"));
    server.turn();
    BOOST_TEST(endsWith(early, "/cheap"));
    const std::vector<std::string> expected{"answer /cheap", "find /costly0", "answer /costly0",
                                            "find /costly1", "answer /costly1"};
    BOOST_TEST(events == expected, boost::test_tools::per_element());
    BOOST_TEST(endsWith(clients[1].taken(), "/costly1"));
}

BOOST_AUTO_TEST_CASE(CostlyOnesTakeATenthOfAMillisecondOfATurnInTheOrderInWhichTheyCame) {
    auto clients = connect(6);
    for (std::size_t i = 0; i < 5; ++i)
        clients[i].give(get("/costly" + std::to_string(i)));
    server.turn();
    BOOST_TEST(found() == 2U);
    BOOST_TEST(endsWith(clients[1].taken(), "/costly1"));
    BOOST_TEST(clients[2].taken().empty());
    clients[5].give(get("/cheap"));
    clients[0].give(get("/costly5"));
    events.clear();
    server.turn();
    const std::vector<std::string> expected{"answer /cheap", "find /costly2", "answer /costly2",
                                            "find /costly3", "answer /costly3"};
    BOOST_TEST(events == expected, boost::test_tools::per_element());
    BOOST_TEST(endsWith(clients[4].received(), "/costly4"));
    BOOST_TEST(endsWith(clients[0].received(), "/costly5"));
}

BOOST_AUTO_TEST_CASE(TheAnswersToCostlyOnesOfATurnAreSentTogether) {
    auto clients = connect(2);
    std::string early;
    find = [&](const test::Request& request) {
        early += clients[0].taken();
        return answering(request.getURI());
    };
    clients[0].give(get("/costly0"));
    clients[1].give(get("/costly1"));
    server.turn();
    BOOST_TEST(found() == 2U);
    BOOST_TEST(early.empty());
    BOOST_TEST(endsWith(clients[0].taken(), "/costly0"));
    BOOST_TEST(endsWith(clients[1].taken(), "/costly1"));
}

BOOST_AUTO_TEST_CASE(NoMoreThanSoManyWait) {
    auto clients = connect(EventLoop::mostCostly + 100);
    std::size_t asked = 0;
    std::size_t most = 0;
    find = [&](const test::Request& request) {
        most = std::max(most, created - asked);
        ++asked;
        return answering(request.getURI());
    };
    for (std::size_t i = 0; i < clients.size(); ++i)
        clients[i].give(get("/costly" + std::to_string(i)));
    BOOST_TEST(endsWith(clients.back().received(), "/costly" + std::to_string(clients.size() - 1)));
    BOOST_TEST(asked == clients.size());
    BOOST_TEST(most == EventLoop::mostCostly + 1);
    for (std::size_t i = 0; i + 1 < clients.size(); ++i)
        BOOST_TEST(endsWith(clients[i].taken(), "/costly" + std::to_string(i)));
}

BOOST_AUTO_TEST_CASE(WhoCanBeAnsweredAtOnceIsSoWhileTooManyWait) {
    constexpr std::size_t before = EventLoop::mostCostly + 45;
    auto clients = connect(before + 10);
    std::string early;
    find = [&](const test::Request& request) {
        if (early.empty() && count("answer /cheap") == 1) {
            early = clients[0].taken();
            BOOST_TEST(endsWith(early, "/cheap"));
        }
        return answering(request.getURI());
    };
    for (std::size_t i = 1; i < before; ++i)
        clients[i].give(get("/costly"));
    clients[0].give(get("/cheap"));
    for (std::size_t i = before; i < clients.size(); ++i)
        clients[i].give(get("/costly"));
    for (std::size_t turns = 0; early.empty() && turns < clients.size(); ++turns)
        server.turn();
    BOOST_TEST(waiting() >= EventLoop::mostCostly - 2);
}

// Whose next costly request is there already waits for it anew, behind the others.
BOOST_AUTO_TEST_CASE(ManyWhoPipelineDoNotHoldUpTheOthers) {
    auto clients = connect(EventLoop::mostCostly + 45);
    std::string pipelined;
    for (int i = 0; i < 5; ++i)
        pipelined += get("/costly");
    for (std::size_t i = 1; i < clients.size(); ++i)
        clients[i].give(pipelined);
    clients[0].give(get("/cheap"));
    std::size_t most = 0;
    for (std::size_t turns = 0; count("answer /cheap") == 0 && turns < clients.size(); ++turns) {
        const auto before = found();
        server.turn();
        most = std::max(most, found() - before);
        BOOST_TEST(waiting() <= EventLoop::mostCostly);
    }
    BOOST_TEST(most < clients.size());
    clients[0].received();
    BOOST_TEST(found() == 5 * (clients.size() - 1));
}

BOOST_AUTO_TEST_CASE(TheNextRequestOfAConnectionWaitsForTheCostlyOneBeforeIt) {
    auto client = server.connect();
    client.send(get("/a") + get("/costly") + get("/b") + get("/costly2") + get("/c"));
    const std::vector<std::string> expected{"answer /a",     "find /costly",    "answer /costly", "answer /b",
                                            "find /costly2", "answer /costly2", "answer /c"};
    BOOST_TEST(events == expected, boost::test_tools::per_element());
    BOOST_TEST(endsWith(client.received(), "/c"));
}

BOOST_AUTO_TEST_CASE(TheHandlerThatIsFoundMayBlock) {
    find = [this](const test::Request& request) -> std::unique_ptr<Handler> {
        return std::make_unique<test::BlockingFunctionHandler>(
            [this, path = request.getURI()](test::Request&, test::Response& response) {
                response.sendBuffer(path.data(), path.size());
            });
    };
    auto client = server.connect();
    client.send(get("/costly"));
    BOOST_TEST(endsWith(client.received(), "/costly"));
}

BOOST_AUTO_TEST_CASE(WhatGoesWrongInItIsA500) {
    find = [](const test::Request&) -> std::unique_ptr<Handler> { throw std::runtime_error("lost"); };
    auto client = server.connect();
    client.send(get("/costly"));
    BOOST_TEST(client.received().rfind("HTTP/1.1 500 ", 0) == 0U);
}

BOOST_AUTO_TEST_CASE(AClientThatAsksToCloseIsAnsweredFirst) {
    auto client = server.connect();
    client.send("GET /costly HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    BOOST_TEST(endsWith(client.received(), "/costly"));
    BOOST_TEST(client.isEnded());
}

// Each takes all the time of its turn, and nothing else happens at the server then.
BOOST_AUTO_TEST_CASE(ThoseWhoWaitNeedNoOtherEventToBeAnswered) {
    test::Gate gate;
    changebank::tests::ManualClock clock;
    const auto create = [&](const test::Request&) {
        return new CostlyFunctionHandler([&](const test::Request&) {
            gate.pass();
            clock.advance(1ms);
            return std::make_unique<test::FunctionHandler>(test::echo);
        });
    };
    auto limits = test::testLimits();
    limits.threads = 1;
    ServerParams::Ptr params(new ServerParams(limits));
    params->setClock(clock);
    test::TestServer threaded(create, params);
    std::vector<test::RawClient> others;
    for (int i = 0; i < 5; ++i)
        others.push_back(threaded.connect());
    others[0].send(get("/costly"));
    gate.awaitVisitors(1);
    for (int i = 1; i < 5; ++i)
        others[static_cast<std::size_t>(i)].send(get("/costly"));
    gate.open();
    for (auto& other : others)
        BOOST_TEST(other.read().status == 200);
}

BOOST_AUTO_TEST_CASE(ARequestThatWaitsIsBeingHandled) {
    auto clients = connectAndAsk(5);
    server.turn();
    BOOST_TEST(server.counters()[ConnectionState::Handling] == 3U);
    BOOST_TEST(server.counters()[ConnectionState::Idle] == 2U);
}

BOOST_AUTO_TEST_CASE(AClientThatSendsNoMoreIsAnsweredAndItsConnectionClosed) {
    auto client = server.connect(false);
    client.give(get("/costly"));
    client.endWriting();
    BOOST_TEST(server.connections() == 0U);
    BOOST_TEST(endsWith(client.taken(), "/costly"));
}

// It goes in a turn in which those before it take all the time that there is for costly ones.
BOOST_AUTO_TEST_CASE(WhoGoesWhileOthersWaitBeforeItIsForgotten) {
    auto clients = connect(4);
    auto last = server.connect(false);
    for (std::size_t i = 0; i < clients.size(); ++i)
        clients[i].give(get("/costly" + std::to_string(i)));
    last.give(get("/large") + get("/costly4"));
    server.turn();
    BOOST_TEST(found() == 2U);
    last.vanish();
    server.turn();
    BOOST_TEST(found() == 4U);
    server.turn();
    server.turn();
    BOOST_TEST(found() == 4U);
}

BOOST_AUTO_TEST_CASE(WhoVanishesWhileItsRequestWaitsCostsTheOthersNothing) {
    auto clients = connectAndAsk(5);
    server.turn();
    clients[2].vanish();
    clients[3].vanish();
    BOOST_TEST(endsWith(clients[4].received(), "/costly4"));
    BOOST_TEST(server.connections() == 3U);
}

BOOST_AUTO_TEST_CASE(AStoppingServerAnswersThoseThatWait) {
    auto clients = connectAndAsk(5);
    server.turn();
    server.drain();
    BOOST_TEST(found() == 5U);
    BOOST_TEST(endsWith(clients[4].received(), "/costly4"));
    BOOST_TEST(clients[4].isEnded());
}

BOOST_AUTO_TEST_CASE(AServerThatIsCutShortForgetsThoseThatWait) {
    auto clients = connectAndAsk(5);
    server.turn();
    server.cut();
    BOOST_TEST(found() == 2U);
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
