#include "changebank/daemon/http/loop/EventLoop.h"

#include <Poco/Net/StreamSocket.h>

#include <boost/test/unit_test.hpp>
#include <memory>
#include <vector>

#include "tests/support/ResourceLimit.h"
#include "tests/unit/daemon/http/HandDrivenServer.h"

using namespace changebank;
using namespace changebank::http;
using changebank::http::test::HandDrivenServer;
using changebank::tests::ResourceLimit;

BOOST_AUTO_TEST_SUITE(EventLoopTest)

BOOST_AUTO_TEST_CASE(SimultaneousConnectionsAreDistributedBeforeTheOtherLoopsWake) {
    HandDrivenServer server(nullptr);
    std::vector<std::unique_ptr<EventLoop>> loops;
    for (int i = 0; i < 3; ++i)
        loops.push_back(std::make_unique<EventLoop>(server.context(), Acceptor(server.listener())));
    for (const auto& loop : loops)
        loop->setPeers(loops);
    std::vector<Poco::Net::StreamSocket> clients;
    clients.emplace_back(server.listener().address());
    loops[1]->runOnce();
    BOOST_TEST(loops[1]->load() == 1, "one that falls nowhere better stays with the loop that took it");

    for (int i = 0; i < 11; ++i)
        clients.emplace_back(server.listener().address());

    loops.front()->runOnce();
    for (const auto& loop : loops)
        BOOST_TEST(loop->load() == 4);

    for (const auto& loop : loops) {
        loop->wake();
        loop->runOnce();
        BOOST_TEST(loop->load() == 4);
    }
    clients.clear();
    for (const auto& loop : loops) {
        loop->wake();
        loop->runOnce();
        BOOST_TEST(loop->load() == 0);
    }
}

BOOST_AUTO_TEST_CASE(WhoseHandshakeIsDoneIsTakenThoughTheServerStops) {
    HandDrivenServer server(nullptr);
    // More than are accepted in one turn.
    std::vector<Poco::Net::StreamSocket> clients;
    for (int i = 0; i < 100; ++i)
        clients.emplace_back(server.listener().address());
    server.drain();
    BOOST_TEST(server.counters().accepted == clients.size());
}

BOOST_AUTO_TEST_CASE(WhoFindsNoDescriptorsWhileTheServerStopsIsTakenWhenThereAreSome) {
    HandDrivenServer server(nullptr);
    std::vector<Poco::Net::StreamSocket> clients;
    for (int i = 0; i < 3; ++i)
        clients.emplace_back(server.listener().address());
    {
        const auto none = ResourceLimit::moreDescriptors(0);
        server.drain();
        BOOST_TEST(server.counters().accepted == 0U);
        BOOST_TEST(!server.context().accepting.try_wait());
    }
    server.pass(std::chrono::seconds(1));
    BOOST_TEST(server.counters().accepted == clients.size());
    BOOST_TEST(server.context().accepting.try_wait());
}

BOOST_AUTO_TEST_CASE(WhoFindsNoDescriptorsUntilTheDrainEndsIsLeft) {
    HandDrivenServer server(nullptr);
    const Poco::Net::StreamSocket client(server.listener().address());
    const auto none = ResourceLimit::moreDescriptors(0);
    server.drain();
    server.pass(ServerLimits().drainTimeout);
    BOOST_TEST(server.context().accepting.try_wait());
}

BOOST_AUTO_TEST_CASE(TheQueueOfASharedListenerIsLeftToTheOthers) {
    HandDrivenServer server(nullptr);
    server.context().isListenerShared = true;
    server.request(EventLoop::Phase::NotAccepting);
    const Poco::Net::StreamSocket client(server.listener().address());
    server.runOnce();
    BOOST_TEST(server.counters().accepted == 0U);
    BOOST_TEST(server.context().accepting.try_wait());
}

BOOST_AUTO_TEST_SUITE_END()
