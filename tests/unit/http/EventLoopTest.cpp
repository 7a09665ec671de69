#include "daemon/http/EventLoop.h"

#include <Poco/Net/StreamSocket.h>

#include <boost/test/unit_test.hpp>
#include <memory>
#include <vector>

#include "tests/unit/http/HandDrivenServer.h"

using namespace changebank::http;
using changebank::http::test::HandDrivenServer;

BOOST_AUTO_TEST_SUITE(EventLoopTest)

BOOST_AUTO_TEST_CASE(connections_that_come_at_once_are_spread_before_the_other_loop_wakes) {
    HandDrivenServer server(nullptr);
    std::vector<std::unique_ptr<EventLoop>> loops;
    for (int i = 0; i < 3; ++i)
        loops.push_back(std::make_unique<EventLoop>(server.context(), Acceptor(server.listener())));
    for (const auto& loop : loops)
        loop->setPeers(loops);
    std::vector<Poco::Net::StreamSocket> clients;
    for (int i = 0; i < 12; ++i)
        clients.emplace_back(server.listener().address());

    loops.front()->turn();
    for (const auto& loop : loops)
        BOOST_TEST(loop->load() == 4);

    for (const auto& loop : loops) {
        loop->wake();
        loop->turn();
        BOOST_TEST(loop->load() == 4);
    }
    clients.clear();
    for (const auto& loop : loops) {
        loop->wake();
        loop->turn();
        BOOST_TEST(loop->load() == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
