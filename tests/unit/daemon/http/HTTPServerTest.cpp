#include "changebank/daemon/http/HTTPServer.h"

#include <Poco/Net/NetException.h>
#include <Poco/TemporaryFile.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "changebank/daemon/http/message/ServerRequest.h"
#include "tests/support/OnlyIf.h"
#include "tests/support/ResourceLimit.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using namespace changebank::http::test;
using changebank::RequestContext;
using changebank::tests::ResourceLimit;
using namespace std::chrono_literals;

namespace {

const std::string getRequest = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

void send(Response& response, const std::string& text) {
    response.sendBuffer(text.data(), text.size());
}

struct RecordingObserver : AccessObserver {
    void answered(const AccessRecord& record) noexcept override {
        const std::lock_guard lock(mutex);
        lines.push_back(std::string(record.method) + " " + std::string(record.path) + " " +
                        std::to_string(record.status) + " " + std::string(record.requestId) + " " +
                        std::string(record.route) + " " + std::string(record.subject) + " " +
                        (record.denial.empty() ? "-" : std::string(record.denial)) + " " +
                        record.client.host().toString());
        bytes += record.bytes;
        longest = std::max(longest, record.duration);
    }
    std::mutex mutex;
    std::vector<std::string> lines;
    std::uint64_t bytes = 0;
    std::chrono::microseconds longest{0};
};

bool hasIpv6() {
    try {
        listenOn({"::1", 0});
        return true;
    } catch (const Poco::Exception&) {
        return false;
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HTTPServerTest)

BOOST_AUTO_TEST_CASE(AnswersAndKeepsTheConnection) {
    TestServer server;
    auto client = server.connect();
    for (int i = 0; i < 3; ++i) {
        const auto response = client.exchange(getRequest);
        BOOST_TEST(response.status == 200);
        BOOST_TEST(response.body == "GET /a h ");
        BOOST_TEST(response.field("Connection") == "-");
        BOOST_TEST(response.field("Content-Length") == "9");
        BOOST_TEST(response.field("Transfer-Encoding") == "-");
    }
    BOOST_TEST(server.server().currentConnections() == 1);
}

BOOST_AUTO_TEST_CASE(WorksWithPocosOwnParameters) {
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setSoftwareVersion("Test/1.0");
    params->setMaxKeepAliveRequests(2);
    HTTPServer server(new FunctionFactory([](const Request&) { return new FunctionHandler(echo); }),
                      listenOn({"127.0.0.1", 0}), params);
    server.start();
    auto client = RawClient::plain(server.port());
    BOOST_TEST(client.exchange(getRequest).field("Server") == "Test/1.0");
    BOOST_TEST(client.exchange(getRequest).field("Connection") == "close");
    BOOST_TEST(client.isEnded());
    BOOST_CHECK_THROW(server.start(), Poco::IllegalStateException);
}

BOOST_AUTO_TEST_CASE(APreparedServerAcceptsNothingUntilItIsStarted) {
    HTTPServer server(new FunctionFactory([](const Request&) { return new FunctionHandler(echo); }),
                      listenOn({"127.0.0.1", 0}), new ServerParams(testLimits()));
    server.prepare();
    server.prepare();
    auto client = RawClient::plain(server.port());
    client.send(getRequest);
    BOOST_TEST(!client.socket().poll(Poco::Timespan(0, 100'000), Poco::Net::Socket::SELECT_READ));
    BOOST_TEST(server.counters().accepted == 0U);
    server.start();
    BOOST_TEST(client.read().status == 200);
}

BOOST_AUTO_TEST_CASE(AServerThatIsNeverStartedLeavesTheQueueOfItsListenerAlone) {
    const auto listener = listenOn({"127.0.0.1", 0});
    const auto shared = adoptListener(::dup(listener.impl()->sockfd()));
    auto client = RawClient::plain(listener.address().port());
    client.send(getRequest);
    {
        HTTPServer dropped(nullptr, shared, new ServerParams(testLimits()));
        dropped.prepare();
        dropped.stop();
        BOOST_CHECK_THROW(dropped.start(), Poco::IllegalStateException);
    }
    HTTPServer server(new FunctionFactory([](const Request&) { return new FunctionHandler(echo); }), listener,
                      new ServerParams(testLimits()));
    server.start();
    BOOST_TEST(client.read().status == 200);
}

BOOST_AUTO_TEST_CASE(KeepAliveCanBeSwitchedOff) {
    ServerParams::Ptr params(new ServerParams(testLimits()));
    params->setKeepAlive(false);
    TestServer server([](const Request&) { return new FunctionHandler(echo); }, params);
    auto client = server.connect();
    BOOST_TEST(client.exchange(getRequest).field("Connection") == "close");
    BOOST_TEST(client.isEnded());
}

BOOST_AUTO_TEST_CASE(AnswersPipelinedRequestsInOrder) {
    TestServer server;
    auto client = server.connect();
    std::string requests;
    for (int i = 0; i < 500; ++i)
        requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
    client.send(requests);
    for (int i = 0; i < 500; ++i)
        BOOST_TEST_REQUIRE(client.read().body == "GET /" + std::to_string(i) + " h ");
}

BOOST_AUTO_TEST_CASE(PipelinesThroughBlockingHandlersInOrder) {
    ServerParams::Ptr params(new ServerParams(testLimits()));
    TestServer server(
        [](const Request& request) -> Poco::Net::HTTPRequestHandler* {
            if (request.getURI() == "/block") return new BlockingFunctionHandler(echo);
            return new FunctionHandler(echo);
        },
        params);
    auto client = server.connect();
    std::string requests;
    for (int i = 0; i < 50; ++i)
        requests += "GET /block HTTP/1.1\r\nHost: h\r\n\r\nGET /loop HTTP/1.1\r\nHost: h\r\n\r\n";
    client.send(requests);
    for (int i = 0; i < 50; ++i) {
        BOOST_TEST_REQUIRE(client.read().body == "GET /block h ");
        BOOST_TEST_REQUIRE(client.read().body == "GET /loop h ");
    }
}

BOOST_AUTO_TEST_CASE(NothingAfterAParseErrorIsServed) {
    TestServer server;
    auto client = server.connect();
    client.send("GET / HTTP/1.1\r\n\r\n" + getRequest);
    BOOST_TEST(client.read().status == 400);
    BOOST_TEST(client.isEnded());
    BOOST_TEST(server.requests() == 0);
}

BOOST_AUTO_TEST_CASE(NothingBehindCloseIsServed) {
    TestServer server;
    auto client = server.connect();
    client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, close\r\n\r\n" + getRequest);
    BOOST_TEST(client.read().field("Connection") == "close");
    BOOST_TEST(client.isEnded());
    BOOST_TEST(server.requests() == 1);
}

BOOST_AUTO_TEST_CASE(ABodyThatNobodyReadsIsNoRequest) {
    TestServer server([](Request&, Response& response) { send(response, "unread"); });
    auto client = server.connect();
    const std::string body = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                body);
    BOOST_TEST(client.read().body == "unread");
    client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n23\r\n" + body +
                "\r\n0\r\n\r\n");
    BOOST_TEST(client.read().body == "unread");
    client.send(getRequest);
    BOOST_TEST(client.read().body == "unread");
    BOOST_TEST(server.requests() == 3);
}

BOOST_AUTO_TEST_CASE(HeadGetsEverythingButTheBody) {
    TestServer server;
    auto client = server.connect();
    const auto response = client.exchange("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n", true);
    BOOST_TEST(response.field("Content-Length") == "10");
    BOOST_TEST(client.exchange(getRequest).body == "GET /a h ");
}

BOOST_AUTO_TEST_CASE(Http10ClosesUnlessAskedToStay) {
    TestServer server;
    auto staying = server.connect();
    BOOST_TEST(staying.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").field("Connection") ==
               "keep-alive");
    BOOST_TEST(staying.exchange("GET / HTTP/1.0\r\n\r\n").field("Connection") == "close");
    BOOST_TEST(staying.isEnded());
}

BOOST_AUTO_TEST_CASE(Says100BeforeTheBody) {
    TestServer server;
    auto client = server.connect();
    const auto interim =
        client.exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    BOOST_TEST(interim.status == 100);
    BOOST_TEST(server.requests() == 0);
    const auto response = client.exchange("abc");
    BOOST_TEST(response.status == 200);
    BOOST_TEST(response.body == "POST / h abc");
}

BOOST_AUTO_TEST_CASE(DoesNotSay100ToABodyThatIsThere) {
    TestServer server;
    auto client = server.connect();
    BOOST_TEST(
        client.exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc")
            .status == 200);
}

BOOST_AUTO_TEST_CASE(DoesNotSay100ToABodyThatHasBegun) {
    TestServer server;
    auto client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nab");
    BOOST_TEST(eventually([&] { return server.server().counters()[ConnectionState::ReadingBody] == 1; }));
    BOOST_TEST(client.exchange("c").status == 200);
}

BOOST_AUTO_TEST_CASE(AnswersAClientThatEndsItsSide) {
    TestServer server;
    auto client = server.connect();
    client.send(getRequest + getRequest);
    client.endWriting();
    BOOST_TEST(client.read().status == 200);
    BOOST_TEST(client.read().status == 200);
    BOOST_TEST(client.isEnded());
}

BOOST_AUTO_TEST_CASE(ForgetsARequestThatIsNotFinished) {
    TestServer server;
    auto client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab");
    client.endWriting();
    BOOST_TEST(client.isEnded());
    BOOST_TEST(server.requests() == 0);
}

BOOST_AUTO_TEST_CASE(StreamedResponsesGetTheirLength) {
    TestServer server([](Request&, Response& response) {
        response.setChunkedTransferEncoding(true);
        auto& out = response.send();
        for (int i = 0; i < 10'000; ++i)
            out << i << '\n';
    });
    auto client = server.connect();
    const auto response = client.exchange(getRequest);
    BOOST_TEST(response.field("Content-Length") == "48890");
    BOOST_TEST(response.field("Transfer-Encoding") == "-");
    BOOST_TEST(response.body.substr(48885) == "9999\n");
}

BOOST_AUTO_TEST_CASE(SendsFilesAndRedirects) {
    Poco::TemporaryFile file;
    std::ofstream(file.path()) << "content";
    TestServer server([&](Request& request, Response& response) {
        if (request.getURI() == "/r") return response.redirect("http://other/");
        if (request.getURI() == "/n") return response.sendFile("/nowhere", "text/plain");
        response.sendFile(file.path(), "text/plain");
    });
    const ErrorCount errors;
    auto client = server.connect();
    const auto sent = client.exchange(getRequest);
    BOOST_TEST(sent.body == "content");
    BOOST_TEST(sent.field("Content-Type") == "text/plain");
    const auto redirected = client.exchange("GET /r HTTP/1.1\r\nHost: h\r\n\r\n");
    BOOST_TEST(redirected.status == 302);
    BOOST_TEST(redirected.field("Location") == "http://other/");
    BOOST_TEST(client.exchange("GET /n HTTP/1.1\r\nHost: h\r\n\r\n").status == 500);
    BOOST_TEST(errors.poco == 1);
}

BOOST_AUTO_TEST_CASE(AHandlerThatSendsNothingRespondsWithItsStatus) {
    TestServer server([](Request&, Response& response) { response.setStatus(Response::HTTP_ACCEPTED); });
    const auto response = server.connect().exchange(getRequest);
    BOOST_TEST(response.status == 202);
    BOOST_TEST(response.field("Content-Length") == "0");
}

BOOST_AUTO_TEST_CASE(ExceptionsBecome500AndAreReported) {
    const ErrorCount errors;
    TestServer server([](Request& request, Response& response) {
        send(response, "half an answer");
        if (request.getURI() == "/poco") throw Poco::RuntimeException("x");
        if (request.getURI() == "/std") throw std::runtime_error("x");
        throw 1;  // NOLINT
    });
    for (const char* path : {"/poco", "/std", "/other"}) {
        auto client = server.connect();
        const auto response = client.exchange("GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        BOOST_TEST(response.status == 500);
        BOOST_TEST(response.body == "");
        BOOST_TEST(response.field("Connection") == "close");
        BOOST_TEST(client.isEnded());
    }
    BOOST_TEST(errors.poco == 1);
    BOOST_TEST(errors.standard == 1);
    BOOST_TEST(errors.other == 1);
}

BOOST_AUTO_TEST_CASE(ExceptionsOfFactoriesBecome500) {
    const ErrorCount errors;
    TestServer server(
        [](const Request&) -> Poco::Net::HTTPRequestHandler* { throw Poco::RuntimeException("x"); },
        ServerParams::Ptr(new ServerParams(testLimits())));
    BOOST_TEST(server.connect().exchange(getRequest).status == 500);
    BOOST_TEST(errors.poco == 1);
}

BOOST_AUTO_TEST_CASE(NoHandlerIs501) {
    TestServer server([](const Request&) -> Poco::Net::HTTPRequestHandler* { return nullptr; },
                      ServerParams::Ptr(new ServerParams(testLimits())));
    auto client = server.connect();
    BOOST_TEST(client.exchange(getRequest).status == 501);
    BOOST_TEST(client.isEnded());
}

BOOST_AUTO_TEST_CASE(AResponseThatWouldInjectFieldsIs500) {
    const ErrorCount errors;
    TestServer server([](Request&, Response& response) {
        response.set("X-Echo", "a\r\nSet-Cookie: evil=1");
        send(response, "secret");
    });
    const auto response = server.connect().exchange(getRequest);
    BOOST_TEST(response.status == 500);
    BOOST_TEST(response.field("Set-Cookie") == "-");
    BOOST_TEST(response.body == "");
    BOOST_TEST(errors.poco == 1);
}

BOOST_AUTO_TEST_CASE(TheLoopServesOthersWhileAHandlerBlocks) {
    Gate gate;
    auto limits = testLimits();
    limits.threads = 1;
    TestServer server(
        [&](const Request& request) -> Poco::Net::HTTPRequestHandler* {
            if (request.getURI() != "/block") return new FunctionHandler(echo);
            return new BlockingFunctionHandler([&](Request& blocked, Response& response) {
                gate.pass();
                echo(blocked, response);
            });
        },
        ServerParams::Ptr(new ServerParams(limits)));
    auto blocked = server.connect();
    blocked.send("GET /block HTTP/1.1\r\nHost: h\r\n\r\n");
    gate.awaitVisitors(1);
    BOOST_TEST(server.connect().exchange(getRequest).status == 200);
    BOOST_TEST((server.server().counters()[ConnectionState::Handling] == 1U));
    gate.open();
    BOOST_TEST(blocked.read().body == "GET /block h ");
}

BOOST_AUTO_TEST_CASE(TooManyBlockingRequestsAre503) {
    Gate gate;
    auto limits = testLimits();
    limits.blockingThreads = 1;
    limits.maxBlockingQueue = 1;
    TestServer server(TestServer::blocking([&](Request& request, Response& response) {
                          gate.pass();
                          echo(request, response);
                      }),
                      ServerParams::Ptr(new ServerParams(limits)));
    auto first = server.connect();
    first.send(getRequest);
    gate.awaitVisitors(1);
    auto second = server.connect();
    second.send(getRequest);
    BOOST_TEST(eventually([&] { return server.server().counters()[ConnectionState::Handling] == 2; }));
    auto third = server.connect();
    BOOST_TEST(third.exchange(getRequest).status == 503);
    BOOST_TEST(third.isEnded());
    gate.open();
    BOOST_TEST(first.read().status == 200);
    BOOST_TEST(second.read().status == 200);
}

BOOST_AUTO_TEST_CASE(AClientMayLeaveWhileItsHandlerBlocks) {
    Gate gate;
    TestServer server(TestServer::blocking([&](Request& request, Response& response) {
                          gate.pass();
                          echo(request, response);
                      }),
                      ServerParams::Ptr(new ServerParams(testLimits())));
    {
        auto client = server.connect();
        client.send(getRequest);
        gate.awaitVisitors(1);
    }
    gate.open();
    BOOST_TEST(eventually([&] { return server.server().currentConnections() == 0; }));
    BOOST_TEST(server.connect().exchange(getRequest).status == 200);
}

BOOST_AUTO_TEST_CASE(NamesRequests) {
    std::string seen;
    TestServer server([&](Request& request, Response& response) {
        seen = request.get("X-Request-Id");
        send(response, "");
    });
    auto client = server.connect();
    const auto made = client.exchange(getRequest).field("X-Request-Id");
    BOOST_TEST(made.size() == 16U);
    BOOST_TEST(seen == made);
    BOOST_TEST(client.exchange(getRequest).field("X-Request-Id") != made);
    const auto named = [&](const std::string& fields) {
        return client.exchange("GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n").field("X-Request-Id");
    };
    BOOST_TEST(named("X-Request-Id: a.B_c-9\r\n") == "a.B_c-9");
    BOOST_TEST(named("X-Request-Id: " + std::string(64, 'a') + "\r\n") == std::string(64, 'a'));
    BOOST_TEST(named("X-Request-Id: " + std::string(65, 'a') + "\r\n").size() == 16U);
    BOOST_TEST(named("X-Request-Id: a b\r\n").size() == 16U);
    BOOST_TEST(named("X-Request-Id:\r\n").size() == 16U);
    BOOST_TEST(named("X-Request-Id: a\r\nx-request-id: b\r\n").size() == 16U);
    BOOST_TEST(seen.size() == 16U);
}

BOOST_AUTO_TEST_CASE(TellsTheObserverOfEachRequest) {
    auto observer = std::make_shared<RecordingObserver>();
    ServerParams::Ptr params(new ServerParams(testLimits()));
    params->setAccessObserver(observer);
    TestServer server(
        [](const Request& request) {
            RequestContext::of(request)->noteRoute("/a");
            return new FunctionHandler([](Request& handled, Response& response) {
                RequestContext::of(handled)->noteSubject("me");
                if (handled.getURI() == "/b") RequestContext::of(handled)->noteDenial("expired");
                send(response, "x");
            });
        },
        params);
    auto client = server.connect();
    client.exchange("GET /a?b HTTP/1.1\r\nHost: h\r\nX-Request-Id: i\r\n\r\n");
    client.exchange("GET /b HTTP/1.1\r\nHost: h\r\nX-Request-Id: j\r\n\r\n");
    client.exchange("nonsense\r\nX-Request-Id: i\r\n\r\n");
    client.readToEnd();
    const std::lock_guard lock(observer->mutex);
    BOOST_TEST_REQUIRE(observer->lines.size() == 3U);
    BOOST_TEST(observer->lines[0] == "GET /a 200 i /a me - 127.0.0.1");
    BOOST_TEST(observer->lines[1] == "GET /b 200 j /a me expired 127.0.0.1");
    BOOST_TEST(observer->lines[2].substr(0, 6) == "  400 ");
    BOOST_TEST(observer->bytes == server.server().counters().bytesSent);
    BOOST_TEST(observer->longest.count() > 0);
    BOOST_TEST(server.server().counters().requests == 3U);
}

BOOST_AUTO_TEST_CASE(TellsTheObserverOfTheRequestThatAProxyAsksAbout) {
    auto observer = std::make_shared<RecordingObserver>();
    ServerParams::Ptr params(new ServerParams(testLimits()));
    params->setAccessObserver(observer);
    TestServer server(
        [](const Request& request) {
            if (request.getURI() == "/decision")
                RequestContext::of(request)->noteReceived("PUT", "/orders/1");
            return new FunctionHandler([](Request&, Response& response) { send(response, "x"); });
        },
        params);
    auto client = server.connect();
    client.exchange("GET /decision HTTP/1.1\r\nHost: h\r\nX-Request-Id: i\r\n\r\n");
    client.exchange("GET /b HTTP/1.1\r\nHost: h\r\nX-Request-Id: j\r\nConnection: close\r\n\r\n");
    client.readToEnd();
    const std::lock_guard lock(observer->mutex);
    BOOST_TEST_REQUIRE(observer->lines.size() == 2U);
    BOOST_TEST(observer->lines[0].starts_with("PUT /orders/1 200 i "));
    BOOST_TEST(observer->lines[1].starts_with("GET /b 200 j "));
}

BOOST_AUTO_TEST_CASE(TellsHandlersBothAddresses) {
    TestServer server([](Request& request, Response& response) {
        send(response, request.clientAddress().host().toString() + " " + request.serverAddress().toString() +
                           (request.secure() ? " secure" : " plain"));
    });
    BOOST_TEST(server.connect().exchange(getRequest).body ==
               "127.0.0.1 127.0.0.1:" + std::to_string(server.port()) + " plain");
}

BOOST_AUTO_TEST_CASE(SpeaksIpv6, *changebank::tests::onlyIf(hasIpv6(), "this machine has no IPv6 loopback")) {
    TestServer server([](const Request&) { return new FunctionHandler(echo); },
                      ServerParams::Ptr(new ServerParams(testLimits())), listenOn({"::1", 0}));
    RawClient client(Poco::Net::SocketAddress("::1", server.port()));
    BOOST_TEST(client.exchange(getRequest).status == 200);
}

BOOST_AUTO_TEST_CASE(SpeaksOverUnixSockets) {
    const Poco::TemporaryFile path;
    const Poco::Net::SocketAddress address(Poco::Net::SocketAddress::UNIX_LOCAL, path.path());
    TestServer server([](const Request&) { return new FunctionHandler(echo); },
                      ServerParams::Ptr(new ServerParams(testLimits())), listenOn(address));
    BOOST_TEST(server.port() == 0);
    RawClient client(address);
    BOOST_TEST(client.exchange(getRequest).body == "GET /a h ");
}

BOOST_AUTO_TEST_CASE(AsksWhetherAPeerOfAUnixSocketMayTalk) {
    const Poco::TemporaryFile path;
    const Poco::Net::SocketAddress address(Poco::Net::SocketAddress::UNIX_LOCAL, path.path());
    std::atomic<bool> welcome{true};
    ServerParams::Ptr params(new ServerParams(testLimits()));
    params->setPeerCheck([&](const PeerCredentials& peer) {
        return welcome && peer.process == ::getpid() && peer.user == ::getuid() && peer.group == ::getgid();
    });
    TestServer server(
        [](const Request&) {
            return new FunctionHandler([](Request& request, Response& response) {
                const auto* peer = dynamic_cast<const ServerRequest&>(request).peer();
                send(response, peer == nullptr ? "nobody" : "user " + std::to_string(peer->user));
            });
        },
        params, listenOn(address));
    RawClient client(address);
    BOOST_TEST(client.exchange(getRequest).body == "user " + std::to_string(::getuid()));
    welcome = false;
    RawClient rejected(address);
    BOOST_TEST(rejected.read().status == 403);
    BOOST_TEST(rejected.isEnded());
    BOOST_TEST(client.exchange(getRequest).status == 200);
    BOOST_TEST(server.requests() == 2);
    BOOST_TEST(server.server().counters().rejected == 1U);
}

BOOST_AUTO_TEST_CASE(ThePeerCheckIsForUnixSocketsAlone) {
    ServerParams::Ptr params(new ServerParams(testLimits()));
    params->setPeerCheck([](const PeerCredentials&) { return false; });
    TestServer server([](const Request&) { return new FunctionHandler(echo); }, params);
    BOOST_TEST(server.connect().exchange(getRequest).status == 200);
}

BOOST_AUTO_TEST_CASE(MovesLargeBodiesBothWays) {
    auto limits = testLimits();
    limits.maxBodyBytes = 8 * 1024 * 1024;
    TestServer server(echo, limits);
    auto client = server.connect();
    const std::string body(limits.maxBodyBytes, 'x');
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
    client.send(body);
    BOOST_TEST((client.read().body == "POST / h " + body));
    BOOST_TEST(client.exchange(getRequest).status == 200);
}

BOOST_AUTO_TEST_CASE(StopWithoutStartIsFine) {
    HTTPServer server(new FunctionFactory([](const Request&) { return nullptr; }), listenOn({"127.0.0.1", 0}),
                      new ServerParams(testLimits()));
    server.stop();
    server.stopAll(true);
    BOOST_TEST(server.currentConnections() == 0);
}

BOOST_AUTO_TEST_CASE(AServerThatGetsTooFewThreadsSaysSoAndCanBeDestroyed, *boost::unit_test::timeout(30)) {
    auto limits = testLimits();
    limits.threads = 64;
    HTTPServer server(new FunctionFactory([](const Request&) { return nullptr; }), listenOn({"127.0.0.1", 0}),
                      new ServerParams(limits));
    const auto forSomeStacks = ResourceLimit::moreAddressSpace(rlim_t{64} * 1024 * 1024);
    BOOST_CHECK_THROW(server.start(), Poco::SystemException);
}

BOOST_AUTO_TEST_CASE(TheObserverIsToldOfATracedRequestsTimes) {
    struct Observer : AccessObserver {
        void answered(const AccessRecord& record) noexcept override {
            const std::lock_guard lock(mutex);
            ids.push_back(std::string(record.traceId) + " " + std::string(record.spanId));
            traces.push_back(record.trace != nullptr ? std::optional(*record.trace) : std::nullopt);
        }
        std::mutex mutex;
        std::vector<std::string> ids;
        std::vector<std::optional<RequestTrace>> traces;
    };
    const auto observer = std::make_shared<Observer>();
    auto limits = testLimits();
    limits.tracing = TraceSampling::ofRatio(1);
    auto parameters = Poco::makeAuto<ServerParams>(limits);
    parameters->setAccessObserver(observer);
    HTTPServer server(new FunctionFactory([](const Request&) { return new FunctionHandler(echo); }),
                      listenOn({"127.0.0.1", 0}), parameters);
    server.start();
    auto client = RawClient::plain(server.port());
    const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    client.exchange("GET /a HTTP/1.1\r\nHost: h\r\ntraceparent: 00-" + trace +
                    "-00f067aa0ba902b7-01\r\n\r\n");
    client.exchange(getRequest);
    limits.tracing = {};
    server.setLimits(limits);
    RawClient::plain(server.port()).exchange(getRequest);
    server.stop();
    const std::lock_guard lock(observer->mutex);
    BOOST_REQUIRE(observer->traces.size() == 3U);
    BOOST_TEST(observer->ids[0].substr(0, 33) == trace + " ");
    BOOST_TEST(observer->ids[0].size() == 49U);
    BOOST_TEST(observer->ids[1].substr(0, 32) != trace);
    BOOST_TEST(observer->ids[1].size() == 49U);
    BOOST_TEST(observer->ids[2] == " ");
    BOOST_TEST(!observer->traces[2].has_value());
    for (const auto place : {0U, 1U}) {
        const auto& times = observer->traces[place];
        BOOST_REQUIRE(times.has_value());
        BOOST_TEST((times->begun <= times->choosing));
        BOOST_TEST((times->choosing <= times->chosen));
        BOOST_TEST((times->chosen <= times->handling));
        BOOST_TEST((times->handling <= times->handled));
        BOOST_TEST((times->handled <= times->ended));
        BOOST_TEST(times->isSampled);
    }
}

BOOST_AUTO_TEST_SUITE_END()
