#include "changebank/base/handler/AccessObserver.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "changebank/base/handler/RequestContext.h"
#include "tests/unit/daemon/http/HandDrivenServer.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using namespace std::chrono_literals;
using test::HandDrivenServer;

namespace {

class HoldsObserver : public AccessObserver {
public:
    void answered(const AccessRecord&) noexcept override { ++requests; }
    void heldLoop(std::string_view route, std::chrono::milliseconds duration) noexcept override {
        holds.push_back(std::string(route) + " " + std::to_string(duration.count()));
    }

    int requests = 0;
    std::vector<std::string> holds;
};

/// The path "/500" has a handler that takes 500 ms; its route is the path.
struct Fixture {
    Poco::Net::HTTPRequestHandler* create(const test::Request& request) {
        RequestContext::of(request)->noteRoute(request.getURI());
        if (blocking) {
            return new test::BlockingFunctionHandler(
                [this](test::Request& handled, test::Response& response) {
                    timePassed.get_future().wait();
                    test::echo(handled, response);
                });
        }
        return new test::FunctionHandler([this](test::Request& handled, test::Response& response) {
            server.advance(std::chrono::milliseconds(std::stoi(handled.getURI().substr(1))));
            test::echo(handled, response);
        });
    }

    void ask(HandDrivenServer::Client& client, const std::string& path) {
        client.give("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    bool blocking = false;
    /// What a blocking handler waits for. The clock is not advanced on its thread, in the middle of an
    /// iteration.
    std::promise<void> timePassed;
    std::shared_ptr<HoldsObserver> observer = std::make_shared<HoldsObserver>();
    HandDrivenServer server{
        new test::FunctionFactory([this](const test::Request& request) { return create(request); }),
        {},
        observer};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(AccessObserverTest, Fixture)

BOOST_AUTO_TEST_CASE(AHandlerThatHoldsItsLoopForASecondIsNamed) {
    auto client = server.connect();
    for (const char* path : {"/999", "/1000", "/2500"}) {
        ask(client, path);
        client.received();
    }
    const std::vector<std::string> expected{"/1000 1000", "/2500 2500"};
    BOOST_TEST(observer->holds == expected, boost::test_tools::per_element());
    BOOST_TEST(observer->requests == 3);
}

BOOST_AUTO_TEST_CASE(OthersInTheSameIterationAreNotBlamed) {
    auto quick = server.connect();
    auto slow = server.connect();
    auto quickToo = server.connect();
    ask(quick, "/10");
    ask(slow, "/3000");
    ask(quickToo, "/10");
    server.runOnce();
    const std::vector<std::string> expected{"/3000 3000"};
    BOOST_TEST(observer->holds == expected, boost::test_tools::per_element());
    BOOST_TEST(observer->requests == 3);
}

BOOST_AUTO_TEST_CASE(AClientThatIsSlowHoldsNothing) {
    auto client = server.connect();
    client.send("GET /0 HTTP/1.1\r\n");
    server.pass(5s);
    client.send("Host: h\r\n\r\n");
    BOOST_TEST(observer->requests == 1);
    BOOST_TEST(observer->holds.empty());
}

BOOST_AUTO_TEST_CASE(AHandlerThatMayWaitHoldsNoLoop) {
    blocking = true;
    auto client = server.connect();
    ask(client, "/blocking");
    server.runOnce();
    server.advance(5s);
    timePassed.set_value();
    client.received();
    BOOST_TEST(observer->requests == 1);
    BOOST_TEST(observer->holds.empty());
}

BOOST_AUTO_TEST_SUITE_END()
