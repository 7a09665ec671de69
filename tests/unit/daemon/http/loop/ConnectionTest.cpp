#include "changebank/daemon/http/loop/Connection.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/unit/daemon/http/HandDrivenServer.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using test::FunctionFactory;
using test::FunctionHandler;
using test::HandDrivenServer;

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

BOOST_AUTO_TEST_SUITE_END()
