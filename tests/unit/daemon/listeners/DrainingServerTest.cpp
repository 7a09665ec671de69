#include "changebank/daemon/listeners/DrainingServer.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <optional>

#include "changebank/daemon/http/ServerParams.h"
#include "changebank/daemon/http/socket/Listener.h"
#include "tests/support/Eventually.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::eventually;

namespace {

struct Fixture {
    Fixture() { server->start(); }

    std::shared_ptr<BoundSocket> socket =
        std::make_shared<BoundSocket>(BoundSocket{{"127.0.0.1", 0}, http::listenOn({"127.0.0.1", 0})});
    Poco::Net::SocketAddress address = socket->socket.address();
    std::shared_ptr<http::HTTPServer> server = std::make_shared<http::HTTPServer>(
        nullptr, http::adoptListener(::dup(socket->socket.impl()->sockfd())), new http::ServerParams);
    std::optional<DrainingServer> draining{std::in_place, server, ListenerPurpose::api, std::move(socket)};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DrainingServerTest, Fixture)

BOOST_AUTO_TEST_CASE(beforeItBeginsTheServerServesOn) {
    BOOST_CHECK_NO_THROW(Poco::Net::StreamSocket{address});
    draining.reset();
    BOOST_CHECK_NO_THROW(Poco::Net::StreamSocket{address});
}

BOOST_AUTO_TEST_CASE(onceBegunItDrainsTheServerAndClosesTheSocket) {
    BOOST_TEST(draining->socket() != nullptr);
    draining->begin();
    BOOST_TEST(eventually([&] { return draining->isDrained(); }));
    BOOST_TEST(draining->socket() == nullptr);
    BOOST_CHECK_THROW(Poco::Net::StreamSocket{address}, Poco::Net::ConnectionRefusedException);
}

BOOST_AUTO_TEST_SUITE_END()
