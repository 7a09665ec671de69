#include "changebank/base/handler/DeferredRequestHandler.h"

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
using changebank::DeferredRequestHandler;
using test::HandDrivenServer;

namespace {

using Handler = Poco::Net::HTTPRequestHandler;
using Resolve = std::function<std::unique_ptr<Handler>(const test::Request&)>;

class DeferredFunctionHandler : public DeferredRequestHandler {
public:
    explicit DeferredFunctionHandler(Resolve resolve) : _resolve(std::move(resolve)) {}
    std::unique_ptr<Handler> resolve(const test::Request& request) override { return _resolve(request); }

private:
    Resolve _resolve;
};

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

/// Answers each request with its target, or with more than a socket takes for "/large"; for a path that
/// begins with "/deferred" resolving the handler takes 60 microseconds.
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
        if (path.rfind("/deferred", 0) != 0) return answering(path).release();
        return new DeferredFunctionHandler([this](const test::Request& asked) {
            events.push_back("resolve " + asked.getURI());
            server.advance(60us);
            return resolve(asked);
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
    /// Each client asks for "/deferred" and its number.
    std::vector<HandDrivenServer::Client> connectAndAsk(std::size_t count) {
        auto clients = connect(count);
        for (std::size_t i = 0; i < count; ++i)
            clients[i].give(get("/deferred" + std::to_string(i)));
        return clients;
    }

    std::size_t resolved() const { return count("resolve"); }
    std::size_t waiting() const { return created - count("answer"); }

    std::size_t created = 0;
    std::vector<std::string> events;
    Resolve resolve = [this](const test::Request& request) { return answering(request.getURI()); };
    HandDrivenServer server{
        new test::FunctionFactory([this](const test::Request& request) { return create(request); })};
};

bool endsWith(const std::string& text, const std::string& end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DeferredRequestHandlerTest, Fixture)

BOOST_AUTO_TEST_CASE(InputWhileTheLastRequestWasDeferredKeepsItsConnectionFromClosingImmediately) {
    auto clients = connect(4);
    for (std::size_t i = 0; i < 3; ++i)
        clients[i].give(get("/deferred"));
    clients[3].give("GET /deferred HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    server.runOnce();
    BOOST_TEST(resolved() < 4U);
    clients[3].give("x");
    for (int runs = 0; runs < 4; ++runs)
        server.runOnce();
    BOOST_TEST(resolved() == 4U);
    BOOST_TEST((server.counters()[ConnectionState::Closing] == 1U));
}

BOOST_AUTO_TEST_CASE(RequestsThatNeedNoResolvingAreAnsweredBeforeTheFirstDeferredOne) {
    auto clients = connect(3);
    std::string early;
    resolve = [&](const test::Request& request) {
        early += clients[2].taken();
        return answering(request.getURI());
    };
    clients[0].give(get("/deferred0"));
    clients[1].give(get("/deferred1"));
    clients[2].give(get("/cheap"));
    server.runOnce();
    BOOST_TEST(endsWith(early, "/cheap"));
    const std::vector<std::string> expected{"answer /cheap", "resolve /deferred0", "answer /deferred0",
                                            "resolve /deferred1", "answer /deferred1"};
    BOOST_TEST(events == expected, boost::test_tools::per_element());
    BOOST_TEST(endsWith(clients[1].taken(), "/deferred1"));
}

BOOST_AUTO_TEST_CASE(DeferredRequestsRunInOrderFor100MicrosecondsOfAnIteration) {
    auto clients = connect(6);
    for (std::size_t i = 0; i < 5; ++i)
        clients[i].give(get("/deferred" + std::to_string(i)));
    server.runOnce();
    BOOST_TEST(resolved() == 2U);
    BOOST_TEST(endsWith(clients[1].taken(), "/deferred1"));
    BOOST_TEST(clients[2].taken().empty());
    clients[5].give(get("/cheap"));
    clients[0].give(get("/deferred5"));
    events.clear();
    server.runOnce();
    const std::vector<std::string> expected{"answer /cheap", "resolve /deferred2", "answer /deferred2",
                                            "resolve /deferred3", "answer /deferred3"};
    BOOST_TEST(events == expected, boost::test_tools::per_element());
    BOOST_TEST(endsWith(clients[4].received(), "/deferred4"));
    BOOST_TEST(endsWith(clients[0].received(), "/deferred5"));
}

BOOST_AUTO_TEST_CASE(ResponsesToDeferredRequestsOfAnIterationAreSentTogether) {
    auto clients = connect(2);
    std::string early;
    resolve = [&](const test::Request& request) {
        early += clients[0].taken();
        return answering(request.getURI());
    };
    clients[0].give(get("/deferred0"));
    clients[1].give(get("/deferred1"));
    server.runOnce();
    BOOST_TEST(resolved() == 2U);
    BOOST_TEST(early.empty());
    BOOST_TEST(endsWith(clients[0].taken(), "/deferred0"));
    BOOST_TEST(endsWith(clients[1].taken(), "/deferred1"));
}

BOOST_AUTO_TEST_CASE(TheDeferredQueueIsBounded) {
    auto clients = connect(EventLoop::maxDeferred + 100);
    std::size_t asked = 0;
    std::size_t most = 0;
    resolve = [&](const test::Request& request) {
        most = std::max(most, created - asked);
        ++asked;
        return answering(request.getURI());
    };
    for (std::size_t i = 0; i < clients.size(); ++i)
        clients[i].give(get("/deferred" + std::to_string(i)));
    BOOST_TEST(endsWith(clients.back().received(), "/deferred" + std::to_string(clients.size() - 1)));
    BOOST_TEST(asked == clients.size());
    BOOST_TEST(most == EventLoop::maxDeferred + 1);
    for (std::size_t i = 0; i + 1 < clients.size(); ++i)
        BOOST_TEST(endsWith(clients[i].taken(), "/deferred" + std::to_string(i)));
}

BOOST_AUTO_TEST_CASE(OtherRequestsAreAnsweredWhileTheDeferredQueueIsFull) {
    constexpr std::size_t before = EventLoop::maxDeferred + 45;
    auto clients = connect(before + 10);
    std::string early;
    resolve = [&](const test::Request& request) {
        if (early.empty() && count("answer /cheap") == 1) {
            early = clients[0].taken();
            BOOST_TEST(endsWith(early, "/cheap"));
        }
        return answering(request.getURI());
    };
    for (std::size_t i = 1; i < before; ++i)
        clients[i].give(get("/deferred"));
    clients[0].give(get("/cheap"));
    for (std::size_t i = before; i < clients.size(); ++i)
        clients[i].give(get("/deferred"));
    for (std::size_t runs = 0; early.empty() && runs < clients.size(); ++runs)
        server.runOnce();
    BOOST_TEST(waiting() >= EventLoop::maxDeferred - 2);
}

// A connection whose next deferred request has arrived queues again, behind the others.
BOOST_AUTO_TEST_CASE(ManyPipeliningClientsDoNotDelayOthers) {
    auto clients = connect(EventLoop::maxDeferred + 45);
    std::string pipelined;
    for (int i = 0; i < 5; ++i)
        pipelined += get("/deferred");
    for (std::size_t i = 1; i < clients.size(); ++i)
        clients[i].give(pipelined);
    clients[0].give(get("/cheap"));
    std::size_t most = 0;
    for (std::size_t runs = 0; count("answer /cheap") == 0 && runs < clients.size(); ++runs) {
        const auto before = resolved();
        server.runOnce();
        most = std::max(most, resolved() - before);
        BOOST_TEST(waiting() <= EventLoop::maxDeferred);
    }
    BOOST_TEST(most < clients.size());
    clients[0].received();
    BOOST_TEST(resolved() == 5 * (clients.size() - 1));
}

BOOST_AUTO_TEST_CASE(TheNextRequestOfAConnectionWaitsForTheDeferredOneBeforeIt) {
    auto client = server.connect();
    client.send(get("/a") + get("/deferred") + get("/b") + get("/deferred2") + get("/c"));
    const std::vector<std::string> expected{"answer /a", "resolve /deferred",  "answer /deferred",
                                            "answer /b", "resolve /deferred2", "answer /deferred2",
                                            "answer /c"};
    BOOST_TEST(events == expected, boost::test_tools::per_element());
    BOOST_TEST(endsWith(client.received(), "/c"));
}

BOOST_AUTO_TEST_CASE(TheResolvedHandlerMayBlock) {
    resolve = [this](const test::Request& request) -> std::unique_ptr<Handler> {
        return std::make_unique<test::BlockingFunctionHandler>(
            [this, path = request.getURI()](test::Request&, test::Response& response) {
                response.sendBuffer(path.data(), path.size());
            });
    };
    auto client = server.connect();
    client.send(get("/deferred"));
    BOOST_TEST(endsWith(client.received(), "/deferred"));
}

BOOST_AUTO_TEST_CASE(AnExceptionInResolveIsA500) {
    resolve = [](const test::Request&) -> std::unique_ptr<Handler> { throw std::runtime_error("lost"); };
    auto client = server.connect();
    client.send(get("/deferred"));
    BOOST_TEST(client.received().rfind("HTTP/1.1 500 ", 0) == 0U);
}

BOOST_AUTO_TEST_CASE(AClientThatAsksToCloseIsAnsweredFirst) {
    auto client = server.connect();
    client.send("GET /deferred HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    BOOST_TEST(endsWith(client.received(), "/deferred"));
    BOOST_TEST(client.isEnded());
}

// Each takes all the time of its iteration, and nothing else happens at the server then.
BOOST_AUTO_TEST_CASE(DeferredRequestsNeedNoOtherEventToBeAnswered) {
    test::Gate gate;
    changebank::tests::ManualClock clock;
    const auto create = [&](const test::Request&) {
        return new DeferredFunctionHandler([&](const test::Request&) {
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
    others[0].send(get("/deferred"));
    gate.awaitVisitors(1);
    for (int i = 1; i < 5; ++i)
        others[static_cast<std::size_t>(i)].send(get("/deferred"));
    gate.open();
    for (auto& other : others)
        BOOST_TEST(other.read().status == 200);
}

BOOST_AUTO_TEST_CASE(ADeferredRequestCountsAsHandling) {
    auto clients = connectAndAsk(5);
    server.runOnce();
    BOOST_TEST(server.counters()[ConnectionState::Handling] == 3U);
    BOOST_TEST(server.counters()[ConnectionState::Idle] == 2U);
}

BOOST_AUTO_TEST_CASE(AClientThatSendsNoMoreIsAnsweredAndItsConnectionClosed) {
    auto client = server.connect(false);
    client.give(get("/deferred"));
    client.endWriting();
    BOOST_TEST(server.connections() == 0U);
    BOOST_TEST(endsWith(client.taken(), "/deferred"));
}

// It goes in an iteration in which the requests before it use up the time for deferred ones.
BOOST_AUTO_TEST_CASE(AClientThatLeavesWhileOthersWaitBeforeItIsForgotten) {
    auto clients = connect(4);
    auto last = server.connect(false);
    for (std::size_t i = 0; i < clients.size(); ++i)
        clients[i].give(get("/deferred" + std::to_string(i)));
    last.give(get("/large") + get("/deferred4"));
    server.runOnce();
    BOOST_TEST(resolved() == 2U);
    last.vanish();
    server.runOnce();
    BOOST_TEST(resolved() == 4U);
    server.runOnce();
    server.runOnce();
    BOOST_TEST(resolved() == 4U);
}

BOOST_AUTO_TEST_CASE(AClientThatVanishesWhileItsRequestIsDeferredDoesNotAffectOthers) {
    auto clients = connectAndAsk(5);
    server.runOnce();
    clients[2].vanish();
    clients[3].vanish();
    BOOST_TEST(endsWith(clients[4].received(), "/deferred4"));
    BOOST_TEST(server.connections() == 3U);
}

BOOST_AUTO_TEST_CASE(AStoppingServerAnswersDeferredRequests) {
    auto clients = connectAndAsk(5);
    server.runOnce();
    server.drain();
    BOOST_TEST(resolved() == 5U);
    BOOST_TEST(endsWith(clients[4].received(), "/deferred4"));
    BOOST_TEST(clients[4].isEnded());
}

BOOST_AUTO_TEST_CASE(AnAbortedServerForgetsDeferredRequests) {
    auto clients = connectAndAsk(5);
    server.runOnce();
    server.abort();
    BOOST_TEST(resolved() == 2U);
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
