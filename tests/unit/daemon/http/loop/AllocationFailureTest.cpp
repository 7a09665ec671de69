#include <boost/test/unit_test.hpp>
#include <map>
#include <string>

#include "changebank/base/handler/DeferredRequestHandler.h"
#include "changebank/base/handler/ErrorResponder.h"
#include "changebank/base/handler/SharedBodyResponse.h"
#include "tests/support/AllocationFailure.h"
#include "tests/unit/daemon/http/HandDrivenServer.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using namespace changebank::http::test;
using changebank::tests::AllocationFailure;

namespace {

class Deferred : public DeferredRequestHandler {
public:
    std::unique_ptr<Poco::Net::HTTPRequestHandler> resolve(const Request&) override {
        return std::make_unique<FunctionHandler>(echo);
    }
};

/// Takes every way that a handler can be run.
class Factory : public Poco::Net::HTTPRequestHandlerFactory, public ErrorResponder {
public:
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Request& request) override {
        const auto& path = request.getURI();
        if (path == "/deferred") return new Deferred;
        if (path == "/blocking") return new BlockingFunctionHandler(echo);
        if (path == "/shared") {
            return new FunctionHandler([](Request&, Response& response) {
                SharedBodyResponse::send(response, std::make_shared<const std::string>(10'000, 'x'));
            });
        }
        if (path == "/throws") throw std::bad_alloc();
        return new FunctionHandler(echo);
    }
    void completeError(const Request&, Response& response) override {
        response.set("A-Field-That-Needs-Memory", "with a value that is longer than a string's own room");
        response.sendBuffer("body", 4);
    }
};

std::string get(const std::string& path) {
    return "GET " + path +
           " HTTP/1.1\r\nHost: a.host.with.a.long.name.example.com\r\nAccept: everything\r\n\r\n";
}

const std::map<std::string, std::string> requests{
    {"answered at once", get("/")},
    {"pipelined", get("/") + get("/shared") + get("/deferred") + get("/")},
    {"deferred", get("/deferred")},
    {"blocking", get("/blocking") + get("/")},
    {"shared body", get("/shared")},
    {"failing", get("/throws")},
    {"with a body", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, 'x')},
    {"chunked", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" +
                    std::string(64, 'x') + "\r\n0\r\n\r\n"},
    {"incomplete", "GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(1000, 'x')},
    {"malformed",
     "GET  / HTTP/1.1\r\nHost: h\r\nA-Field-With-A-Long-Name: " + std::string(100, 'x') + "\r\n\r\n"},
};

bool isAnswered(HandDrivenServer::Client& client) {
    client.send(get("/"));
    return client.received().rfind("HTTP/1.1 200 ", 0) == 0;
}

/// The server meets the failure while it serves the request. Whatever becomes of its connection, another one
/// is served as before, and nothing is left of this one. Returns whether the failure happened.
bool survives(const std::string& request, std::size_t number, AllocationFailure::Extent extent) {
    const ErrorCount errors;
    HandDrivenServer server(new Factory);
    auto bystander = server.connect();
    bool happened = false;
    {
        auto client = server.connect();
        client.give(request);
        {
            const AllocationFailure failure(number, extent);
            for (int i = 0; i < 3; ++i)
                server.runOnce();
            happened = failure.happened();
        }
        const auto answer = client.received();
        BOOST_TEST((answer.empty() || answer.rfind("HTTP/1.1 ", 0) == 0));
        BOOST_TEST_REQUIRE(isAnswered(bystander));
        client.vanish();
    }
    bystander.vanish();
    server.pass(ServerLimits().lingerTimeout + ServerLimits().headerTimeout);
    BOOST_TEST(server.connections() == 0U);
    BOOST_TEST(server.counters().open() == 0U);
    BOOST_TEST(server.context().memory.used() == 0U);
    return happened;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(AllocationFailureTest)

BOOST_AUTO_TEST_CASE(AFailedAllocationClosesItsConnectionAtMost) {
    for (const auto& [name, request] : requests) {
        BOOST_TEST_CONTEXT(name) {
            std::size_t number = 1;
            while (survives(request, number, AllocationFailure::Extent::One))
                ++number;
            BOOST_TEST(number > 1U, "the request needed memory");
            BOOST_TEST(number < 1000U);
        }
    }
}

BOOST_AUTO_TEST_CASE(SoDoAllThatFollow) {
    for (const auto& [name, request] : requests) {
        BOOST_TEST_CONTEXT(name) {
            for (std::size_t number = 1; survives(request, number, AllocationFailure::Extent::AllFrom);)
                ++number;
        }
    }
}

// Accepting, too.
BOOST_AUTO_TEST_CASE(AConnectionForWhichThereIsNoMemoryIsClosed) {
    const ErrorCount errors;
    for (const auto extent : {AllocationFailure::Extent::One, AllocationFailure::Extent::AllFrom}) {
        bool happened = true;
        for (std::size_t number = 1; happened; ++number) {
            HandDrivenServer server(new Factory);
            auto bystander = server.connect();
            BOOST_TEST_REQUIRE(isAnswered(bystander));
            const Poco::Net::StreamSocket client(server.listener().address());
            {
                const AllocationFailure failure(number, extent);
                server.runOnce();
                happened = failure.happened();
            }
            BOOST_TEST_REQUIRE(isAnswered(bystander));
            server.pass(std::chrono::milliseconds(200));
            const Poco::Net::StreamSocket next(server.listener().address());
            server.runOnce();
            const auto before = server.counters();
            BOOST_TEST(before.accepted + before.acceptFailures >= 3U);
            BOOST_TEST(before[ConnectionState::Idle] == 1U);
            BOOST_TEST(server.connections() >= 2U);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
