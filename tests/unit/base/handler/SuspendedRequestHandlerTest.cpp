#include "changebank/base/handler/SuspendedRequestHandler.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/daemon/http/HandDrivenServer.h"
#include "tests/unit/daemon/http/TestServer.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::http;
using namespace std::chrono_literals;
using test::HandDrivenServer;

namespace {

using Handler = Poco::Net::HTTPRequestHandler;

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

bool endsWith(const std::string& text, const std::string& end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// An event that many requests wait for.
struct Event {
    std::vector<std::pair<const void*, std::function<void()>>> waiting;
    bool isPast = false;
    bool comesAtOnce = false;
    bool fails = false;

    void come() {
        for (const auto& [waits, resume] : std::exchange(waiting, {}))
            resume();
    }
};

/// Waits for the event, then echoes the request.
class WaitingHandler : public SuspendedRequestHandler {
public:
    WaitingHandler(Event& event, int& resolved) : _event(event), _resolved(resolved) {}
    ~WaitingHandler() override {
        std::erase_if(_event.waiting, [this](const auto& entry) { return entry.first == this; });
    }

    bool suspend(std::function<void()> resume) override {
        if (_event.fails) throw std::runtime_error("no place");
        if (_event.isPast) return false;
        if (_event.comesAtOnce) {
            resume();
        } else {
            _event.waiting.emplace_back(this, std::move(resume));
        }
        return true;
    }
    std::chrono::milliseconds maxWait() const override { return 5s; }
    std::unique_ptr<Handler> resolve(const test::Request&) override {
        ++_resolved;
        return std::make_unique<test::FunctionHandler>(test::echo);
    }

private:
    Event& _event;
    int& _resolved;
};

/// Resolves to a handler that waits.
class FirstDeferredHandler : public DeferredRequestHandler {
public:
    explicit FirstDeferredHandler(std::unique_ptr<Handler> next) : _next(std::move(next)) {}
    std::unique_ptr<Handler> resolve(const test::Request&) override { return std::move(_next); }

private:
    std::unique_ptr<Handler> _next;
};

/// "/wait" waits for the event, "/deferred" too once it is resolved; every other path is answered at once.
struct Fixture {
    Handler* create(const test::Request& request) {
        const auto& path = request.getURI();
        if (path == "/wait") return new WaitingHandler(event, resolved);
        if (path == "/deferred")
            return new FirstDeferredHandler(std::make_unique<WaitingHandler>(event, resolved));
        return new test::FunctionHandler(test::echo);
    }

    std::uint64_t suspended() const { return server.counters()[ConnectionState::Suspended]; }

    Event event;
    int resolved = 0;
    HandDrivenServer server{
        new test::FunctionFactory([this](const test::Request& request) { return create(request); })};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(SuspendedRequestHandlerTest, Fixture)

BOOST_AUTO_TEST_CASE(SuspendedRequestsGiveTheirMemoryToOthers) {
    ServerLimits limits;
    limits.maxConnectionMemory = 300'000;
    HandDrivenServer small(
        new test::FunctionFactory([this](const test::Request& request) { return create(request); }), limits);
    const std::string request =
        "POST /wait HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n" + std::string(60'000, 'x');
    std::vector<HandDrivenServer::Client> waiting;
    for (int i = 0; i < 10; ++i) {
        waiting.push_back(small.connect());
        waiting.back().send(request);
        BOOST_TEST_REQUIRE(small.context().memory.used() <= limits.maxConnectionMemory + 100'000);
    }
    BOOST_TEST(small.counters().evicted > 0U);
    BOOST_TEST(waiting.front().received().rfind("HTTP/1.1 503 ", 0) == 0U);
    auto other = small.connect();
    other.send(get("/other"));
    BOOST_TEST(endsWith(other.received(), "GET /other h "));
    event.come();
    BOOST_TEST(waiting.back().received().rfind("HTTP/1.1 200 ", 0) == 0U);
}

BOOST_AUTO_TEST_CASE(ASuspendedRequestIsAnsweredAfterItsEventAndHoldsUpNoOther) {
    auto waiting = server.connect();
    auto deferred = server.connect();
    auto other = server.connect();
    waiting.send(get("/wait"));
    deferred.send(get("/deferred"));
    other.send(get("/other"));
    BOOST_TEST(endsWith(other.received(), "GET /other h "));
    BOOST_TEST(waiting.received().empty());
    BOOST_TEST(suspended() == 2U);
    event.come();
    BOOST_TEST(endsWith(waiting.received(), "GET /wait h "));
    BOOST_TEST(endsWith(deferred.received(), "GET /deferred h "));
    BOOST_TEST(suspended() == 0U);
}

BOOST_AUTO_TEST_CASE(AnEventThatDoesNotComeEndsTheWaitAtItsMaximum) {
    auto client = server.connect();
    client.send(get("/wait"));
    server.pass(4'999ms);
    BOOST_TEST(client.received().empty());
    server.pass(1ms);
    BOOST_TEST(endsWith(client.received(), "GET /wait h "));
    BOOST_TEST(resolved == 1);
    event.come();
    client.send(get("/again"));
    BOOST_TEST(endsWith(client.received(), "GET /again h "));
}

BOOST_AUTO_TEST_CASE(AnEventMayComeWhileTheRequestIsBeingSuspended) {
    event.comesAtOnce = true;
    auto client = server.connect();
    client.send(get("/wait"));
    BOOST_TEST(endsWith(client.received(), "GET /wait h "));
}

BOOST_AUTO_TEST_CASE(WithNothingToWaitForTheRequestIsOnlyDeferred) {
    event.isPast = true;
    auto client = server.connect();
    client.send(get("/wait") + get("/deferred"));
    BOOST_TEST(endsWith(client.received(), "GET /deferred h "));
    BOOST_TEST(resolved == 2);
}

BOOST_AUTO_TEST_CASE(RequestsBehindASuspendedOneWaitAndKeepTheirOrder) {
    auto client = server.connect();
    client.send(get("/a") + get("/wait") + get("/b"));
    BOOST_TEST(endsWith(client.received(), "GET /a h "));
    client.send(get("/c"));
    BOOST_TEST(client.received().empty());
    event.come();
    const auto received = client.received();
    BOOST_TEST(received.find("GET /wait h ") < received.find("GET /b h "));
    BOOST_TEST(endsWith(received, "GET /c h "));
}

BOOST_AUTO_TEST_CASE(AClosedConnectionGivesUpItsPlace) {
    auto client = server.connect();
    client.send(get("/wait"));
    BOOST_TEST(event.waiting.size() == 1U);
    server.abort();
    BOOST_TEST(event.waiting.empty());
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(AClientThatLeavesDoesNotAffectOthers) {
    auto leaving = server.connect();
    auto staying = server.connect();
    leaving.send(get("/wait"));
    staying.send(get("/wait"));
    leaving.vanish();
    event.come();
    BOOST_TEST(endsWith(staying.received(), "GET /wait h "));
    BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(AStoppingServerAnswersSuspendedRequests) {
    auto client = server.connect();
    client.send(get("/wait"));
    server.drain();
    BOOST_TEST(!client.isEnded());
    event.come();
    const auto received = client.received();
    BOOST_TEST(received.find("Connection: close") != std::string::npos);
    BOOST_TEST(endsWith(received, "GET /wait h "));
    BOOST_TEST(client.isEnded());
}

BOOST_AUTO_TEST_CASE(AnExceptionInSuspendIsA500) {
    event.fails = true;
    const test::ErrorCount errors;
    auto client = server.connect();
    client.send(get("/wait"));
    BOOST_TEST(client.received().rfind("HTTP/1.1 500 ", 0) == 0U);
    BOOST_TEST(resolved == 0);
    BOOST_TEST(errors.standard == 1);
}

BOOST_AUTO_TEST_CASE(OneEventForManyRequestsDoesNotOverrunTheDeferredQueue) {
    constexpr std::size_t count = EventLoop::maxDeferred + 100;
    std::vector<HandDrivenServer::Client> clients;
    for (std::size_t i = 0; i < count; ++i) {
        clients.push_back(server.connect());
        clients.back().send(get("/wait"));
    }
    BOOST_TEST(suspended() == count);
    event.come();
    server.runOnce();
    // Those that found no room in the queue are still suspended.
    BOOST_TEST(suspended() == count - EventLoop::maxDeferred);
    for (auto& client : clients)
        BOOST_TEST(endsWith(client.received(), "GET /wait h "));
    BOOST_TEST(resolved == static_cast<int>(count));
}

/// Whose event comes from another thread.
class ThreadedHandler : public SuspendedRequestHandler {
public:
    explicit ThreadedHandler(bool eventComes) : _eventComes(eventComes) {}
    ~ThreadedHandler() override {
        if (_thread.joinable()) _thread.join();
    }
    bool suspend(std::function<void()> resume) override {
        if (_eventComes) _thread = std::thread(std::move(resume));
        return true;
    }
    std::chrono::milliseconds maxWait() const override { return _eventComes ? 1h : 1ms; }
    std::unique_ptr<Handler> resolve(const test::Request&) override {
        return std::make_unique<test::FunctionHandler>(test::echo);
    }

private:
    bool _eventComes;
    std::thread _thread;
};

BOOST_AUTO_TEST_CASE(OnAServerWithAThreadForEachConnectionTheThreadWaits) {
    for (const bool eventComes : {true, false}) {
        handlers::FakeRequest request("GET", "/wait");
        const auto& response = request.handledBy(std::make_unique<ThreadedHandler>(eventComes));
        BOOST_TEST(response.body() == "GET /wait localhost:3000 ");
    }
}

BOOST_AUTO_TEST_SUITE_END()
