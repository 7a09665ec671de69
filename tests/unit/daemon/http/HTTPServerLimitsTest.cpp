#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <set>
#include <vector>

#include "tests/support/ManualClock.h"
#include "tests/support/ResourceLimit.h"
#include "tests/unit/daemon/http/HandDrivenServer.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using namespace changebank::http::test;
using namespace std::chrono_literals;
using changebank::tests::ResourceLimit;

namespace {

const std::string getRequest = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

/// Each deadline has a length of its own, so that none can be taken for another.
ServerLimits timedLimits() {
    ServerLimits limits;
    limits.threads = 1;
    limits.headerTimeout = 10s;
    limits.bodyTimeout = 20s;
    limits.idleTimeout = 60s;
    limits.writeTimeout = 30s;
    limits.lingerTimeout = 2s;
    limits.maxBodyBytes = 1024;
    return limits;
}

Poco::Net::HTTPRequestHandlerFactory::Ptr echoing() {
    return new FunctionFactory([](const Request&) { return new FunctionHandler(echo); });
}

/// A server with one loop whose deadlines pass only when a test says so.
struct TimedServer {
    explicit TimedServer(Handle handle = echo)
        : server([handle = std::move(handle)](const Request&) { return new FunctionHandler(handle); },
                 params()) {}

    ServerParams::Ptr params() {
        ServerParams::Ptr result(new ServerParams(timedLimits()));
        result->setClock(clock);
        return result;
    }

    bool becomes(ConnectionState state, std::uint64_t count = 1) {
        return eventually([&] { return server.server().counters()[state] == count; });
    }

    changebank::tests::ManualClock clock;
    TestServer server;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(HTTPServerLimitsTest)

BOOST_AUTO_TEST_CASE(AConnectionThatSaysNothingIsClosed) {
    HandDrivenServer server(echoing(), timedLimits());
    auto client = server.connect();
    server.pass(9'900ms);
    BOOST_TEST(client.received() == "");
    BOOST_TEST(!client.isEnded());
    server.pass(200ms);
    BOOST_TEST(client.received() == "");
    BOOST_TEST(client.isEnded());
}

BOOST_AUTO_TEST_CASE(AHeadThatDripsIs408) {
    HandDrivenServer server(echoing(), timedLimits());
    auto client = server.connect();
    for (const char byte : getRequest.substr(0, 9)) {
        client.send({&byte, 1});
        server.pass(1s);
    }
    BOOST_TEST(client.received() == "");
    BOOST_TEST(!client.isEnded());
    server.pass(1100ms);
    BOOST_TEST(client.received().substr(0, 13) == "HTTP/1.1 408 ");
    BOOST_TEST(client.isEnded());
}

BOOST_AUTO_TEST_CASE(ABodyThatDripsIs408) {
    HandDrivenServer server(echoing(), timedLimits());
    auto client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n");
    for (int i = 0; i < 19; ++i) {
        client.send("x");
        server.pass(1s);
    }
    BOOST_TEST(client.received() == "");
    BOOST_TEST(!client.isEnded());
    server.pass(1100ms);
    BOOST_TEST(client.received().substr(0, 13) == "HTTP/1.1 408 ");
    BOOST_TEST(client.isEnded());
}

BOOST_AUTO_TEST_CASE(AnIdleConnectionIsClosed) {
    HandDrivenServer server(echoing(), timedLimits());
    auto client = server.connect();
    for (int i = 0; i < 2; ++i) {
        client.send(getRequest);
        BOOST_TEST(client.received().substr(0, 13) == "HTTP/1.1 200 ");
        server.pass(59s);
        BOOST_TEST(client.received() == "");
        BOOST_TEST(!client.isEnded());
    }
    server.pass(1100ms);
    BOOST_TEST(client.received() == "");
    BOOST_TEST(client.isEnded());
}

BOOST_AUTO_TEST_CASE(TheHeadOfALaterRequestHasItsOwnDeadline) {
    HandDrivenServer server(echoing(), timedLimits());
    auto client = server.connect();
    client.send("GET ");
    server.pass(9s);
    client.send("/ HTTP/1.1\r\nHost: h\r\n\r\nGET ");
    BOOST_TEST(client.received().substr(0, 13) == "HTTP/1.1 200 ");
    server.pass(9s);
    BOOST_TEST(client.received() == "");
    server.pass(1100ms);
    BOOST_TEST(client.received().substr(0, 13) == "HTTP/1.1 408 ");
}

BOOST_AUTO_TEST_CASE(AClientThatDoesNotReadIsCut) {
    const std::string much(64 * 1024 * 1024, 'x');
    TimedServer timed([&](Request&, Response& response) { response.sendBuffer(much.data(), much.size()); });
    auto client = timed.server.connect();
    client.send(getRequest);
    BOOST_TEST(timed.becomes(ConnectionState::Writing));
    timed.clock.advance(29s);
    // Reading some of it does not prolong the deadline.
    std::array<char, 65536> part;
    client.socket().receiveBytes(part.data(), static_cast<int>(part.size()));
    BOOST_TEST(timed.becomes(ConnectionState::Writing));
    timed.clock.advance(1100ms);
    auto waker = timed.server.connect();
    BOOST_TEST(timed.becomes(ConnectionState::Writing, 0));
    // A reset, so that it cannot be taken for the answer's end.
    errno = 0;
    const auto received = client.readToEnd();
    const int error = errno;
    BOOST_TEST((received.size() < much.size()));
    BOOST_TEST(error == ECONNRESET);
}

BOOST_AUTO_TEST_CASE(AConnectionForOneSmallResponseIsClosedWithIt) {
    HandDrivenServer server(echoing(), timedLimits());
    for (const std::string version : {"1.0", "1.1"}) {
        auto client = server.connect();
        client.send("GET / HTTP/" + version + "\r\nHost: h\r\nConnection: close\r\n\r\n");
        BOOST_TEST(server.connections() == 0U);
        BOOST_TEST(client.received().substr(0, 15) == "HTTP/1.1 200 OK");
        BOOST_TEST(client.isEnded());
    }
}

BOOST_AUTO_TEST_CASE(AConnectionWhoseResponseCouldBeLostWaitsForItsClient) {
    const std::string last = " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";
    for (const auto& requests :
         {"GET /" + last + "\r\nmore",                        // something stands behind it already
          "POST /" + last + "Content-Length: 4\r\n\r\nbody",  // an old client's line end may come
          std::string("GET / HTTP/1.0\r\n\r\n"),              // nothing was said
          getRequest + "GET /" + last + "\r\n",               // the answers add up
          "GET /" + std::string(1024, 'x') + last + "\r\n",   // a slow client may not take it
          std::string("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")}) {  // refused
        BOOST_TEST_CONTEXT(requests.substr(0, 60)) {
            HandDrivenServer server(echoing(), timedLimits());
            auto client = server.connect();
            client.send(requests);
            BOOST_TEST((server.counters()[ConnectionState::Closing] == 1U));
            BOOST_TEST(client.received().substr(0, 9) == "HTTP/1.1 ");
            BOOST_TEST(client.isEnded());
        }
    }
}

BOOST_AUTO_TEST_CASE(AClientThatDoesNotCloseIsClosed) {
    HandDrivenServer server(echoing(), timedLimits());
    auto client = server.connect();
    client.send("GET / HTTP/1.1\r\n\r\n");
    BOOST_TEST((server.counters()[ConnectionState::Closing] == 1U));
    server.pass(1900ms);
    client.send("more");
    BOOST_TEST((server.counters()[ConnectionState::Closing] == 1U));
    server.pass(200ms);
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(AResponseReachesAClientThatStillSends) {
    TimedServer timed;
    auto client = timed.server.connect();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000\r\n\r\n");
    const std::string block(1024 * 1024, 'x');
    for (int i = 0; i < 8; ++i)
        client.send(block);
    BOOST_TEST(client.read().status == 413);
    BOOST_TEST(client.isEnded());
}

BOOST_AUTO_TEST_CASE(OneConnectionTooManyIs503) {
    auto limits = testLimits();
    limits.maxConnections = 2;
    TestServer server(echo, limits);
    auto first = server.connect();
    auto second = std::make_unique<RawClient>(server.connect());
    first.exchange(getRequest);
    second->exchange(getRequest);
    auto third = server.connect();
    const auto rejected = third.exchange(getRequest);
    BOOST_TEST(rejected.status == 503);
    BOOST_TEST(rejected.field("Connection") == "close");
    BOOST_TEST(third.isEnded());
    BOOST_TEST(server.server().counters().rejected == 1U);
    BOOST_TEST(server.requests() == 2);
    second.reset();
    BOOST_TEST(eventually([&] { return server.connect().exchange(getRequest).status == 200; }));
}

BOOST_AUTO_TEST_CASE(OneConnectionOfAClientTooManyIs503) {
    auto limits = testLimits();
    limits.maxConnectionsPerClient = 1;
    TestServer server(echo, limits);
    auto first = server.connect();
    BOOST_TEST(first.exchange(getRequest).status == 200);
    auto second = server.connect();
    BOOST_TEST(second.read().status == 503);
    auto other = RawClient::from("127.0.0.2", server.port());
    BOOST_TEST(other.exchange(getRequest).status == 200);
}

BOOST_AUTO_TEST_CASE(OtherLimitsServeFromTheNextRequestOn) {
    auto limits = testLimits();
    TestServer server(echo, limits);
    auto client = server.connect();
    const auto post = [&] {
        return client.exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc").status;
    };
    BOOST_TEST(post() == 200);
    limits.maxBodyBytes = 2;
    limits.maxConnections = 1;
    server.server().setLimits(limits);
    BOOST_TEST(server.connect().read().status == 503);
    BOOST_TEST(client.exchange(getRequest).status == 200);
    BOOST_TEST(post() == 413);
    BOOST_TEST(client.isEnded());
    client.socket().close();
    limits.maxConnections = 2;
    limits.maxConnectionsPerClient = 1;
    limits.maxHeaderFields = 1;
    server.server().setLimits(limits);
    BOOST_TEST(eventually([&] { return server.server().currentConnections() == 0; }));
    auto again = server.connect();
    BOOST_TEST(again.exchange(getRequest).status == 200);
    BOOST_TEST(server.connect().read().status == 503);
    BOOST_TEST(again.exchange("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n").status == 431);
}

BOOST_AUTO_TEST_CASE(AnotherLengthOfTheQueueForBlockingRequestsCountsAtOnce) {
    auto limits = testLimits();
    limits.blockingThreads = 1;
    limits.maxBlockingQueue = 0;
    Gate gate;
    TestServer server(TestServer::blocking([&gate](Request& request, Response& response) {
                          gate.pass();
                          echo(request, response);
                      }),
                      ServerParams::Ptr(new ServerParams(limits)));
    auto busy = server.connect();
    busy.send(getRequest);
    gate.awaitVisitors(1);
    BOOST_TEST(server.connect().exchange(getRequest).status == 503);
    limits.maxBlockingQueue = 1;
    server.server().setLimits(limits);
    auto waiting = server.connect();
    waiting.send(getRequest);
    BOOST_TEST(eventually([&] { return server.server().counters()[ConnectionState::Handling] == 2; }));
    gate.open();
    BOOST_TEST(busy.read().status == 200);
    BOOST_TEST(waiting.read().status == 200);
}

BOOST_AUTO_TEST_CASE(WorkOfOneCapacityDoesNotWaitForWorkOfTheOther) {
    using Capacity = BlockingRequestHandler::Capacity;
    for (const auto& [busy, free] :
         {std::pair{Capacity::shared, Capacity::reserved}, std::pair{Capacity::reserved, Capacity::shared}}) {
        auto limits = testLimits();
        limits.blockingThreads = 1;
        limits.reservedThreads = 1;
        limits.maxBlockingQueue = 0;
        Gate gate;
        TestServer server(
            [&gate, busy = busy, free = free](const Request& request) {
                if (request.getURI() == "/free") return new BlockingFunctionHandler(echo, free);
                return new BlockingFunctionHandler(
                    [&gate](Request& handled, Response& response) {
                        gate.pass();
                        echo(handled, response);
                    },
                    busy);
            },
            ServerParams::Ptr(new ServerParams(limits)));
        auto first = server.connect();
        first.send(getRequest);
        gate.awaitVisitors(1);
        BOOST_TEST(server.connect().exchange(getRequest).status == 503);
        BOOST_TEST(server.connect().exchange("GET /free HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
        gate.open();
        BOOST_TEST(first.read().status == 200);
    }
}

BOOST_AUTO_TEST_CASE(ChangedTimeoutsApplyToOpenConnections) {
    TimedServer timed;
    auto idle = timed.server.connect();
    idle.exchange(getRequest);
    BOOST_TEST(timed.becomes(ConnectionState::Idle));
    timed.clock.advance(30s);
    ServerLimits limits = timedLimits();
    limits.idleTimeout = 20s;
    // Nothing else wakes the loop.
    timed.server.server().setLimits(limits);
    BOOST_TEST(idle.isEnded());
}

BOOST_AUTO_TEST_CASE(AStuckLoopIsFoundOut) {
    Gate gate;
    TestServer server([&](Request& request, Response& response) {
        if (request.getURI() == "/stuck") gate.pass();
        echo(request, response);
    });
    BOOST_TEST(server.server().isResponsive(10s));
    auto client = server.connect();
    client.send("GET /stuck HTTP/1.1\r\nHost: h\r\n\r\n");
    gate.awaitVisitors(1);
    BOOST_TEST(!server.server().isResponsive(20ms));
    BOOST_TEST(!server.server().isResponsive(0ms));
    gate.open();
    BOOST_TEST(client.read().status == 200);
    BOOST_TEST(server.server().isResponsive(10s));
    client.socket().close();
    server.server().stop();
    BOOST_TEST(server.server().isResponsive(0ms));
}

BOOST_AUTO_TEST_CASE(AServerThatWasNotStartedIsNotResponsive) {
    HTTPServer server(new FunctionFactory([](const Request&) { return nullptr; }), listenOn({"127.0.0.1", 0}),
                      new ServerParams(testLimits()));
    BOOST_TEST(!server.isResponsive(0ms));
}

BOOST_AUTO_TEST_CASE(APipeliningClientThatDoesNotReadIsNotReadFrom) {
    const std::string answer(1024, 'x');
    HandDrivenServer server(new FunctionFactory([&](const Request&) {
        return new FunctionHandler(
            [&](Request&, Response& response) { response.sendBuffer(answer.data(), answer.size()); });
    }));
    auto client = server.connect(/*reading=*/false);
    std::string requests;
    for (int i = 0; i < 1000; ++i)
        requests += getRequest;
    for (int i = 0; i < 20; ++i)
        client.send(requests);
    // What fits into the sockets, and what is collected for one write.
    BOOST_TEST(server.counters().requests < 2000U);
    BOOST_TEST(server.counters().bytesReceived < 200'000U);
    BOOST_TEST((server.counters()[ConnectionState::Writing] == 1U));
}

BOOST_AUTO_TEST_CASE(ManyIdleConnectionsAreServed) {
    const ResourceLimit files(RLIMIT_NOFILE, ResourceLimit::most(RLIMIT_NOFILE));
    // As many as this process may have both ends of.
    const auto many =
        static_cast<int>(std::min<rlim_t>(10'000, (ResourceLimit::most(RLIMIT_NOFILE) - 200) / 2));
    BOOST_TEST_MESSAGE(many << " connections");
    auto limits = testLimits();
    limits.maxConnections = 20'000;
    TestServer server(echo, limits);
    std::vector<RawClient> idle;
    for (int i = 0; i < many; ++i)
        idle.push_back(server.connect());
    BOOST_TEST(eventually([&] { return server.server().currentConnections() == many; }));
    BOOST_TEST(server.connect().exchange(getRequest).status == 200);
    for (auto& client : idle)
        BOOST_TEST_REQUIRE(client.exchange(getRequest).status == 200);
    idle.clear();
    BOOST_TEST(eventually([&] { return server.server().currentConnections() == 0; }));
}

BOOST_AUTO_TEST_CASE(ConnectionsSpreadOverTheLoops) {
    std::mutex mutex;
    std::set<std::thread::id> threads;
    TestServer server([&](Request&, Response&) {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
    });
    std::vector<RawClient> clients;
    for (int i = 0; i < 8; ++i) {
        clients.push_back(server.connect());
        clients.back().exchange(getRequest);
    }
    const std::lock_guard lock(mutex);
    BOOST_TEST(threads.size() == 2U);
}

BOOST_AUTO_TEST_CASE(OutOfDescriptorsItServesOnAndRecovers) {
    TestServer server;
    auto served = server.connect();
    BOOST_TEST(served.exchange(getRequest).status == 200);
    std::vector<RawClient> clients;
    {
        // One descriptor is left, and the client takes it: the server has none for its side.
        const auto one = ResourceLimit::moreDescriptors(1);
        clients.push_back(server.connect());
        clients.back().send(getRequest);
        BOOST_TEST(eventually([&] { return server.server().counters().acceptFailures > 0; }));
        for (int i = 0; i < 10; ++i)
            BOOST_TEST(served.exchange(getRequest).status == 200);
        BOOST_TEST(server.server().counters().accepted == 1U);
        // Without a pause between attempts there would be many thousands by now.
        BOOST_TEST(server.server().counters().acceptFailures < 100U);
    }
    BOOST_TEST(clients.back().read().status == 200);
    BOOST_TEST(server.connect().exchange(getRequest).status == 200);
}

/// Stands in for an open file with one that epoll does not watch.
class Unwatchable {
public:
    explicit Unwatchable(int descriptor) : _descriptor(descriptor), _original(::dup(descriptor)) {
        const changebank::FileDescriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
        ::dup2(null.get(), _descriptor);
    }
    ~Unwatchable() { ::dup2(_original.get(), _descriptor); }
    Unwatchable(const Unwatchable&) = delete;
    Unwatchable& operator=(const Unwatchable&) = delete;

private:
    int _descriptor;
    changebank::FileDescriptor _original;
};

BOOST_AUTO_TEST_CASE(AListenerThatIsNotWatchedAgainIsTriedAgainLater) {
    HandDrivenServer server(echoing());
    const Poco::Net::StreamSocket waiting(server.listener().address());
    {
        const auto none = ResourceLimit::moreDescriptors(0);
        server.runOnce();
    }
    BOOST_TEST(server.counters().acceptFailures == 1U);
    {
        const Unwatchable listener(server.listener().impl()->sockfd());
        BOOST_CHECK_NO_THROW(server.pass(100ms));
        BOOST_TEST(server.counters().acceptFailures == 2U);
        BOOST_CHECK_NO_THROW(server.pass(99ms));
        BOOST_TEST(server.counters().acceptFailures == 2U);
    }
    server.pass(1ms);
    BOOST_TEST(server.counters().acceptFailures == 2U);
    BOOST_TEST(server.counters().accepted == 1U);
}

BOOST_AUTO_TEST_CASE(AnEventLoopThatCannotWatchItsListenerIsNotMade) {
    HandDrivenServer server(echoing());
    const Acceptor acceptor(server.listener());
    const Unwatchable listener(acceptor.listener());
    BOOST_CHECK_THROW(EventLoop(server.context(), acceptor), Poco::SystemException);
}

BOOST_AUTO_TEST_SUITE_END()
