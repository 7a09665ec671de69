#include "changebank/daemon/http/socket/Acceptor.h"

#include <Poco/Net/StreamSocket.h>
#include <Poco/TemporaryFile.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/test/unit_test.hpp>

#include "changebank/daemon/http/socket/Listener.h"

using namespace changebank;
using namespace changebank::http;
using Poco::Net::SocketAddress;
using Outcome = Acceptor::Outcome;

BOOST_AUTO_TEST_SUITE(AcceptorTest)

BOOST_AUTO_TEST_CASE(AcceptsSocketsThatDoNotWait) {
    const auto socket = listenOn({"127.0.0.1", 0});
    const Acceptor acceptor(socket);
    AcceptedSocket accepted;
    BOOST_TEST((acceptor.accept(accepted) == Outcome::Nothing));

    const Poco::Net::StreamSocket client(socket.address());
    BOOST_TEST((acceptor.accept(accepted) == Outcome::Accepted));
    const int descriptor = accepted.socket.get();
    BOOST_TEST((::fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0);
    BOOST_TEST((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    int noDelay = 0;
    socklen_t length = sizeof(noDelay);
    ::getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &noDelay, &length);
    BOOST_TEST(noDelay != 0);
    BOOST_TEST(accepted.endpoints->client.toString() == client.address().toString());
    BOOST_TEST(accepted.endpoints->server.toString() == socket.address().toString());
}

BOOST_AUTO_TEST_CASE(KnowsTheOwnAddressBehindAWildcard) {
    const auto socket = listenOn({"0.0.0.0", 0});
    const Acceptor acceptor(socket);
    const Poco::Net::StreamSocket client(SocketAddress("127.0.0.1", socket.address().port()));
    AcceptedSocket accepted;
    BOOST_TEST((acceptor.accept(accepted) == Outcome::Accepted));
    BOOST_TEST(accepted.endpoints->server.host().toString() == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(AcceptsOnUnixSockets) {
    const Poco::TemporaryFile path;
    const SocketAddress address(SocketAddress::UNIX_LOCAL, path.path());
    const auto socket = listenOn(address);
    const Acceptor acceptor(socket);
    const Poco::Net::StreamSocket client(address);
    AcceptedSocket accepted;
    BOOST_TEST((acceptor.accept(accepted) == Outcome::Accepted));
    BOOST_TEST((accepted.endpoints->client.family() == SocketAddress::UNIX_LOCAL));
    BOOST_TEST(accepted.endpoints->server.toString() == path.path());
}

BOOST_AUTO_TEST_SUITE_END()
