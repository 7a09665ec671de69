#include "changebank/daemon/revocation/RedisConnection.h"

#include <Poco/Net/ServerSocket.h>
#include <sys/socket.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/FreePort.h"
#include "tests/support/Contains.h"
#include "tests/support/OnlyIf.h"
#include "tests/support/RedisProcess.h"
#include "tests/support/ScriptedRedis.h"
#include "tests/support/TestCertificate.h"

using namespace changebank::daemon;
using namespace changebank::tests;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

using Failure = RedisConnection::Failure;
using Reply = RedisConnection::Reply;

const auto withServer = onlyIf(RedisProcess::isInstalled(), RedisProcess::otherwise);

steady_clock::time_point soon(std::chrono::milliseconds patience = 20s) {
    return steady_clock::now() + patience;
}

RedisAddress at(const RedisProcess& server) {
    return {.host = server.socket()};
}

RedisAddress atPort(std::uint16_t port, bool isSecure = false, const std::string& host = "127.0.0.1") {
    return {.host = host, .port = port, .isSecure = isSecure};
}

std::string whyOf(const std::optional<Failure>& failure) {
    return failure ? failure->why : "";
}

std::string whyOf(const std::variant<Reply, Failure>& result) {
    const auto* failure = std::get_if<Failure>(&result);
    return failure ? failure->why : "";
}

std::string textOf(const std::variant<Reply, Failure>& result) {
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<Reply>(result), whyOf(result));
    const auto& reply = std::get<Reply>(result);
    return {reply->str, reply->len};
}

/// Why a PING to a server that says this fails.
std::string failureOf(ScriptedRedis::Script script, std::chrono::milliseconds patience = 20s) {
    const ScriptedRedis server(std::move(script));
    RedisConnection connection({.address = atPort(server.port())}, {});
    BOOST_TEST(whyOf(connection.open(soon())) == "");
    auto why = whyOf(connection.send({"PING"}, soon(patience)));
    BOOST_TEST((connection.isOpen() == has(why, "refuses")));
    return why;
}

/// A port to which connections stall: nobody accepts the first ones, which fill the queue.
class BlackHole {
public:
    BlackHole() {
        _listener.bind(Poco::Net::SocketAddress("127.0.0.1", 0));
        _listener.listen(1);
        for (int i = 0; i < 4; ++i) {
            auto& socket = _waiting.emplace_back();
            socket.connectNB(_listener.address());
        }
    }
    std::uint16_t port() const { return _listener.address().port(); }

private:
    Poco::Net::ServerSocket _listener;
    std::vector<Poco::Net::StreamSocket> _waiting;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(RedisConnectionTest)

BOOST_AUTO_TEST_CASE(argumentsHoldAnyBytes, *withServer) {
    const RedisProcess server;
    RedisConnection connection({.address = at(server)}, {});
    BOOST_TEST(!connection.isOpen());
    BOOST_REQUIRE(whyOf(connection.open(soon())) == "");
    const std::string value("%s\0\r\n$5 \xFF", 10);
    BOOST_TEST(textOf(connection.send({"SET", value, value}, soon())) == "OK");
    BOOST_TEST(textOf(connection.send({"GET", value}, soon())) == value);
    const std::string large(5'000'000, 'x');
    BOOST_TEST(textOf(connection.send({"SET", "large", large}, soon())) == "OK");
    BOOST_TEST((textOf(connection.send({"GET", "large"}, soon())) == large));
}

BOOST_AUTO_TEST_CASE(severalCommandsAreAnsweredInOrder, *withServer) {
    const RedisProcess server;
    RedisConnection connection({.address = at(server)}, {});
    BOOST_REQUIRE(whyOf(connection.open(soon())) == "");
    const std::vector<RedisConnection::Command> commands(1000, {"INCR", "n"});
    const auto result = connection.sendAll(commands, soon());
    const auto* replies = std::get_if<std::vector<Reply>>(&result);
    BOOST_REQUIRE(replies != nullptr);
    BOOST_REQUIRE(replies->size() == commands.size());
    BOOST_TEST(replies->back()->integer == 1000);
}

BOOST_AUTO_TEST_CASE(theDatabaseIsChosen, *withServer) {
    const RedisProcess server;
    auto address = at(server);
    RedisConnection first({.address = address}, {});
    address.database = 3;
    RedisConnection other({.address = address}, {});
    BOOST_REQUIRE(whyOf(first.open(soon())) == "");
    BOOST_REQUIRE(whyOf(other.open(soon())) == "");
    BOOST_TEST(textOf(other.send({"SET", "a", "b"}, soon())) == "OK");
    const auto missing = first.send({"GET", "a"}, soon());
    BOOST_TEST(std::get<Reply>(missing)->type == REDIS_REPLY_NIL);
    address.database = 1000;
    BOOST_TEST(has(whyOf(RedisConnection({.address = address}, {}).open(soon())), "out of range"));
}

BOOST_AUTO_TEST_CASE(anErrorIsAFailureAndTheConnectionGoesOn, *withServer) {
    const RedisProcess server;
    RedisConnection connection({.address = at(server)}, {});
    BOOST_REQUIRE(whyOf(connection.open(soon())) == "");
    BOOST_TEST(textOf(connection.send({"SET", "a", "b"}, soon())) == "OK");
    BOOST_TEST(
        whyOf(connection.send({"XLEN", "a"}, soon())) ==
        "the server refuses the command: the key holds something else (\"WRONGTYPE Operation against a key "
        "holding the wrong kind of value\")");
    BOOST_TEST(textOf(connection.send({"GET", "a"}, soon())) == "b");
}

BOOST_AUTO_TEST_CASE(aPasswordIsSentAndNeverShown, *withServer) {
    const RedisProcess server(
        {.arguments = {"--requirepass", "sesame", "--user", "cb", "on", ">opensesame", "+@all", "~*"}});
    RedisConnection none({.address = at(server)}, {});
    BOOST_REQUIRE(whyOf(none.open(soon())) == "");
    BOOST_TEST(has(whyOf(none.send({"GET", "a"}, soon())), "it wants a password"));

    const auto open = [&](const std::string& user, const std::string& password) {
        return whyOf(RedisConnection({at(server), user, password}, {}).open(soon()));
    };
    BOOST_TEST(open("", "sesame") == "");
    BOOST_TEST(open("cb", "opensesame") == "");
    const std::string wrong = "the server refuses AUTH: it does not accept the user or the password";
    BOOST_TEST(open("", "wrong") == wrong);
    BOOST_TEST(open("cb", "sesame") == wrong);
}

BOOST_AUTO_TEST_CASE(aServerThatRepeatsThePasswordIsNotQuoted, *withServer) {
    const RedisProcess without;
    const RedisProcess renamed({.arguments = {"--rename-command", "AUTH", ""}});
    for (const auto* server : {&without, &renamed}) {
        const auto why = whyOf(RedisConnection({at(*server), "", "sesame"}, {}).open(soon()));
        BOOST_TEST(why == "the server refuses AUTH: it may have no password");
    }
    const ScriptedRedis echo(ScriptedRedis::saying("-sesame is wrong\r\n"));
    const auto why = whyOf(RedisConnection({atPort(echo.port()), "", "sesame"}, {}).open(soon()));
    BOOST_TEST(why == "the server refuses AUTH");
}

BOOST_AUTO_TEST_CASE(aNameIsLookedUp, *withServer) {
    const auto port = freePort();
    const RedisProcess server({.arguments = {"--port", std::to_string(port), "--bind", "127.0.0.1"}});
    RedisConnection connection({.address = atPort(port, false, "localhost")}, {});
    BOOST_TEST(whyOf(connection.open(soon())) == "");
    const auto address = atPort(port, false, "no-such-host.invalid");
    BOOST_TEST(has(whyOf(RedisConnection({.address = address}, {}).open(soon())), "cannot connect: "));
}

BOOST_AUTO_TEST_CASE(aServerThatIsNotThereIsAFailure) {
    const RedisAddress missing{.host = "/nowhere/redis.sock"};
    RedisConnection connection({.address = missing}, {});
    BOOST_TEST(whyOf(connection.open(soon())) == "cannot connect: No such file or directory");
    BOOST_TEST(whyOf(connection.send({"PING"}, soon())) == "not connected");
    const auto nobody = atPort(freePort());
    BOOST_TEST(whyOf(RedisConnection({.address = nobody}, {}).open(soon())) ==
               "cannot connect: Connection refused");
}

BOOST_AUTO_TEST_CASE(secureConnectionsVerifyTheServer, *withServer) {
    const auto port = freePort();
    const TestCertificate certificate;
    const TestCertificate stranger;
    const RedisProcess server(
        {.arguments = {"--tls-port", std::to_string(port), "--bind", "127.0.0.1", "--tls-cert-file",
                       certificate.certificateFile(), "--tls-key-file", certificate.keyFile(),
                       "--tls-auth-clients", "no"}});
    for (const std::string host : {"127.0.0.1", "localhost"}) {
        const auto address = atPort(port, true, host);
        RedisConnection connection({.address = address, .caFile = certificate.certificateFile()}, {});
        BOOST_REQUIRE(whyOf(connection.open(soon())) == "");
        const std::string large(3'000'000, 'x');
        BOOST_TEST(textOf(connection.send({"SET", "large", large}, soon())) == "OK");
        BOOST_TEST((textOf(connection.send({"GET", "large"}, soon())) == large));

        BOOST_TEST(has(
            whyOf(
                RedisConnection({.address = address, .caFile = stranger.certificateFile()}, {}).open(soon())),
            "the certificate is refused: "));
        BOOST_TEST(has(whyOf(RedisConnection({.address = address}, {}).open(soon())),
                       "the certificate is refused: "));
    }
    const auto plain = atPort(port);
    RedisConnection connection({.address = plain}, {});
    BOOST_REQUIRE(whyOf(connection.open(soon())) == "");
    BOOST_TEST(whyOf(connection.send({"PING"}, soon())) != "");
    BOOST_TEST(
        has(whyOf(RedisConnection({.address = atPort(port, true), .caFile = "/missing"}, {}).open(soon())),
            "cannot read the certificate authorities"));
}

BOOST_AUTO_TEST_CASE(theCertificateMustBeTheHosts, *withServer) {
    const auto port = freePort();
    const TestCertificate certificate("DNS:cache.example,IP:10.0.0.1");
    const RedisProcess server(
        {.arguments = {"--tls-port", std::to_string(port), "--bind", "127.0.0.1", "--tls-cert-file",
                       certificate.certificateFile(), "--tls-key-file", certificate.keyFile(),
                       "--tls-auth-clients", "no"}});
    for (const std::string host : {"127.0.0.1", "localhost"}) {
        RedisConnection connection(
            {.address = atPort(port, true, host), .caFile = certificate.certificateFile()}, {});
        BOOST_TEST(has(whyOf(connection.open(soon())), "mismatch"));
    }
}

BOOST_AUTO_TEST_CASE(aServerWithoutTlsIsAFailure) {
    const ScriptedRedis server(ScriptedRedis::saying("-ERR what\r\n"));
    RedisConnection connection({.address = atPort(server.port(), true)}, {});
    BOOST_TEST(has(whyOf(connection.open(soon())), "cannot connect: the TLS handshake failed: "));
    const ScriptedRedis silent(ScriptedRedis::saying(""));
    RedisConnection waiting({.address = atPort(silent.port(), true)}, {});
    BOOST_TEST(whyOf(waiting.open(soon(50ms))) == "cannot connect: no answer in time");
}

BOOST_AUTO_TEST_CASE(garbageIsAFailure) {
    BOOST_TEST(
        has(failureOf(ScriptedRedis::saying("HTTP/1.1 400 Bad Request\r\n\r\n")), "not Redis's protocol"));
    BOOST_TEST(has(failureOf(ScriptedRedis::saying(std::string(100, '\0'))), "not Redis's protocol"));
    BOOST_TEST(has(failureOf(ScriptedRedis::saying("*-7\r\n")), "not Redis's protocol"));
    BOOST_TEST(failureOf(ScriptedRedis::saying("+PONG\r\n+PONG\r\n")) ==
               "the server answers more than it was asked");
    BOOST_TEST(failureOf(ScriptedRedis::saying("-ERR a\x1B[2Jb\r\n")) ==
               "the server refuses the command (\"ERR a\\u001b[2Jb\")");
}

BOOST_AUTO_TEST_CASE(anAnswerHasABoundedSize) {
    const auto size = RedisConnection::maxAnswerSize;
    BOOST_TEST(has(failureOf(ScriptedRedis::saying("$" + std::to_string(size) + "\r\n" +
                                                   std::string(size, 'x') + "\r\n")),
                   "the answer is larger than"));
    BOOST_TEST(has(failureOf(ScriptedRedis::saying("*100001\r\n")), "elements"));
    BOOST_TEST(has(failureOf(ScriptedRedis::saying("*2147483647\r\n")), "elements"));
    std::string nested;
    for (int i = 0; i < 6; ++i)
        nested += "*99999\r\n";
    BOOST_TEST(has(failureOf(ScriptedRedis::saying(nested)), "elements"));
    std::string deep;
    for (int i = 0; i < 100'000; ++i)
        deep += "*1\r\n";
    BOOST_TEST(has(failureOf(ScriptedRedis::saying(deep)), "not Redis's protocol"));
}

BOOST_AUTO_TEST_CASE(anAnswerMustBeThereInTime) {
    BOOST_TEST(failureOf(ScriptedRedis::saying(""), 50ms) == "no answer in time");
    BOOST_TEST(failureOf(ScriptedRedis::saying("$100\r\nabc"), 50ms) == "no answer in time");
}

BOOST_AUTO_TEST_CASE(anAnswerThatNeverEndsDoesNotProlongTheWait) {
    Poco::Net::ServerSocket listener(Poco::Net::SocketAddress("127.0.0.1", 0));
    std::thread drip([&listener] {
        try {
            auto client = listener.acceptConnection();
            client.sendBytes("$1000000\r\n", 10);
            while (client.sendBytes("x", 1) == 1)
                std::this_thread::sleep_for(5ms);
        } catch (const Poco::Exception&) {
            // It hung up.
        }
    });
    const auto begin = steady_clock::now();
    {
        RedisConnection connection({.address = atPort(listener.address().port())}, {});
        BOOST_TEST(whyOf(connection.open(soon())) == "");
        BOOST_TEST(whyOf(connection.send({"PING"}, soon(100ms))) == "no answer in time");
    }
    drip.join();
    BOOST_TEST((steady_clock::now() - begin < 2s));
}

BOOST_AUTO_TEST_CASE(connectingEndsInTime) {
    const BlackHole hole;
    RedisConnection connection({.address = atPort(hole.port())}, {});
    const auto begin = steady_clock::now();
    BOOST_TEST(whyOf(connection.open(soon(100ms))) == "cannot connect: no answer in time");
    BOOST_TEST((steady_clock::now() - begin < 2s));
}

BOOST_AUTO_TEST_CASE(aStopEndsEveryWait) {
    const BlackHole hole;
    const ScriptedRedis silent(ScriptedRedis::saying(""));
    const auto begin = steady_clock::now();
    std::stop_source stopping;
    const auto stopSoon = [&stopping] {
        return std::thread([&stopping] {
            std::this_thread::sleep_for(50ms);
            stopping.request_stop();
        });
    };
    RedisConnection connecting({.address = atPort(hole.port())}, stopping.get_token());
    auto stopper = stopSoon();
    BOOST_TEST(whyOf(connecting.open(soon())) == "cannot connect: stopped");
    stopper.join();

    stopping = std::stop_source();
    RedisConnection waiting({.address = atPort(silent.port())}, stopping.get_token());
    BOOST_TEST(whyOf(waiting.open(soon())) == "");
    stopper = stopSoon();
    BOOST_TEST(whyOf(waiting.send({"PING"}, soon())) == "stopped");
    stopper.join();
    BOOST_TEST((steady_clock::now() - begin < 5s));
}

BOOST_AUTO_TEST_CASE(aRefusalOfTheConnectionIsShown, *withServer) {
    const RedisProcess server({.arguments = {"--maxclients", "1"}});
    RedisConnection first({.address = at(server)}, {});
    BOOST_REQUIRE(whyOf(first.open(soon())) == "");
    RedisConnection second({.address = at(server)}, {});
    BOOST_REQUIRE(whyOf(second.open(soon())) == "");
    BOOST_TEST(has(whyOf(second.send({"PING"}, soon())), "max number of clients reached"));
}

BOOST_AUTO_TEST_SUITE_END()
