#include "changebank/daemon/http/socket/Listener.h"

#include <Poco/Net/NetException.h>
#include <Poco/TemporaryFile.h>
#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using namespace changebank::http::test;

BOOST_AUTO_TEST_SUITE(ListenerTest)

BOOST_AUTO_TEST_CASE(TwoServersDoNotShareAPort) {
    const auto first = listenOn({"127.0.0.1", 0});
    BOOST_TEST(first.address().port() != 0);
    BOOST_CHECK_THROW(listenOn(first.address()), Poco::Net::NetException);
}

BOOST_AUTO_TEST_CASE(ReplacesAUnixSocketThatNobodyListensOn) {
    const Poco::TemporaryFile path;
    const Poco::Net::SocketAddress address(Poco::Net::SocketAddress::UNIX_LOCAL, path.path());
    listenOn(address).close();
    BOOST_TEST(::access(path.path().c_str(), F_OK) == 0);
    const auto socket = listenOn(address);
    BOOST_CHECK_THROW(listenOn(address), Poco::Net::NetException);
}

BOOST_AUTO_TEST_CASE(LeavesOtherFilesAlone) {
    Poco::TemporaryFile path;
    path.createFile();
    const Poco::Net::SocketAddress address(Poco::Net::SocketAddress::UNIX_LOCAL, path.path());
    BOOST_CHECK_THROW(listenOn(address), Poco::Net::NetException);
    BOOST_TEST(path.exists());
}

BOOST_AUTO_TEST_CASE(RefusesNewConnectionsAndKeepsTheQueue) {
    auto listener = listenOn({"127.0.0.1", 0});
    auto queued = RawClient::plain(listener.address().port());
    BOOST_TEST(refuseConnections(listener));
    Poco::Net::StreamSocket late;
    late.connectNB(listener.address());
    BOOST_TEST(!late.poll(Poco::Timespan(0, 100'000), Poco::Net::Socket::SELECT_WRITE));
    auto accepted = listener.acceptConnection();
    accepted.sendBytes("hello", 5);
    accepted.close();
    BOOST_TEST(queued.readToEnd() == "hello");
    listener.close();
    // The kernel repeats the SYN after a second.
    BOOST_TEST(late.poll(Poco::Timespan(10, 0), Poco::Net::Socket::SELECT_WRITE));
    BOOST_TEST(late.impl()->socketError() == ECONNREFUSED);
}

BOOST_AUTO_TEST_CASE(AdmitsConnectionsAgain) {
    const auto listener = listenOn({"127.0.0.1", 0});
    BOOST_TEST(refuseConnections(listener));
    admitConnections(listener);
    Poco::Net::StreamSocket client;
    BOOST_CHECK_NO_THROW(client.connect(listener.address(), Poco::Timespan(0, 500'000)));
}

BOOST_AUTO_TEST_CASE(AUnixSocketRefusesAtOnceAndKeepsTheQueue) {
    const Poco::TemporaryFile path;
    const Poco::Net::SocketAddress address(Poco::Net::SocketAddress::UNIX_LOCAL, path.path());
    auto listener = listenOn(address);
    RawClient queued(address);
    BOOST_TEST(refuseConnections(listener));
    BOOST_CHECK_THROW(Poco::Net::StreamSocket{address}, Poco::Net::ConnectionRefusedException);
    listener.acceptConnection().sendBytes("hello", 5);
    BOOST_TEST(queued.readToEnd() == "hello");
    // Nobody listens any more, so that the next server may take the path.
    BOOST_CHECK_NO_THROW(listenOn(address));
}

BOOST_AUTO_TEST_CASE(AdoptsADescriptor) {
    const auto given = listenOn({"127.0.0.1", 0});
    auto adopted = adoptListener(::dup(given.impl()->sockfd()));
    BOOST_TEST(adopted.address().toString() == given.address().toString());
    const Poco::Net::StreamSocket connected(given.address());
    for (const int other : {connected.impl()->sockfd(), -1}) {
        BOOST_CHECK_EXCEPTION(adoptListener(other), Poco::Net::NetException, [other](const auto& error) {
            return error.message() ==
                   "descriptor " + std::to_string(other) + " is not a listening stream socket";
        });
    }
    BOOST_TEST(::fcntl(connected.impl()->sockfd(), F_GETFD) >= 0);
}

BOOST_AUTO_TEST_SUITE_END()
