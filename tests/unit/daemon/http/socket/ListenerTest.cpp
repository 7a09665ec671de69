#include "changebank/daemon/http/socket/Listener.h"

#include <Poco/Net/NetException.h>
#include <Poco/TemporaryFile.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using namespace changebank::http::test;

namespace {

/// Runs in a child, whose descriptors from 3 on are its own to choose, and returns its exit status.
int inChild(const std::function<int()>& action) {
    const auto child = ::fork();
    if (child == 0) ::_exit(action());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void passDescriptors(int count, pid_t process, const std::string& names = "api") {
    ::setenv("LISTEN_FDS", std::to_string(count).c_str(), 1);
    ::setenv("LISTEN_PID", std::to_string(process).c_str(), 1);
    ::setenv("LISTEN_FDNAMES", names.c_str(), 1);
}

}  // namespace

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

BOOST_AUTO_TEST_CASE(AdoptsWhatSystemdPassed) {
    const auto passed = listenOn({"127.0.0.1", 0});
    const auto port = passed.address().port();
    const auto status = inChild([&] {
        ::dup2(passed.impl()->sockfd(), 3);
        passDescriptors(1, ::getpid());
        auto listeners = adoptListeners();
        if (listeners.size() != 1 || listeners[0].socket.address().port() != port) return 1;
        if (listeners[0].name != "api") return 6;
        if ((::fcntl(3, F_GETFD) & FD_CLOEXEC) == 0) return 2;
        if (std::getenv("LISTEN_FDS") != nullptr || std::getenv("LISTEN_FDNAMES") != nullptr) return 3;
        if (!adoptListeners().empty()) return 4;
        TestServer server([](const Request&) { return new FunctionHandler(echo); },
                          new ServerParams(testLimits()), listeners[0].socket);
        return server.connect().exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status == 200 ? 0 : 5;
    });
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(AdoptsSeveralByTheirNames) {
    const Poco::TemporaryFile path;
    const auto first = listenOn({"127.0.0.1", 0});
    const auto second = listenOn({Poco::Net::SocketAddress::UNIX_LOCAL, path.path()});
    const auto status = inChild([&] {
        const int lower = ::dup(first.impl()->sockfd());
        ::dup2(second.impl()->sockfd(), 4);
        ::dup2(lower, 3);
        passDescriptors(2, ::getpid(), "api:admin");
        const auto both = adoptListeners();
        if (both.size() != 2 || both[0].name != "api" || both[1].name != "admin") return 1;
        if (both[1].socket.address().toString() != path.path()) return 2;
        passDescriptors(2, ::getpid(), "api");
        return adoptListeners()[1].name == "unknown" ? 0 : 3;
    });
    BOOST_TEST(status == 0);
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

BOOST_AUTO_TEST_CASE(TakesNothingThatIsForAnotherProcess) {
    const auto status = inChild([] {
        passDescriptors(1, ::getppid());
        return adoptListeners().empty() ? 0 : 1;
    });
    BOOST_TEST(status == 0);
    BOOST_TEST(adoptListeners().empty());
}

BOOST_AUTO_TEST_CASE(RejectsADescriptorThatDoesNotListen) {
    const auto status = inChild([] {
        ::dup2(::open("/dev/null", O_RDWR), 3);  // NOLINT
        passDescriptors(1, ::getpid());
        try {
            adoptListeners();
        } catch (const Poco::Net::NetException& error) {
            return error.message() == "descriptor 3 is not a listening stream socket" ? 0 : 1;
        }
        return 2;
    });
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
