#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "changebank/base/handler/ClientText.h"
#include "changebank/daemon/http/loop/Connection.h"
#include "changebank/daemon/http/socket/ServerTlsContext.h"
#include "tests/support/TestCertificate.h"
#include "tests/unit/daemon/http/HandDrivenServer.h"
#include "tests/unit/daemon/http/MemoryTlsClient.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using namespace std::string_literals;
using test::FunctionFactory;
using test::FunctionHandler;
using test::HandDrivenServer;
using tests::TestCertificate;

namespace {

const std::string getRequest = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string line = "PROXY TCP4 203.0.113.7 192.0.2.1 4711 443\r\n";
const std::string local = "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"s;
/// From 203.0.113.8, with further information.
const std::string binary =
    "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0f\xcb\0\x71\x08\xc0\0\x02\x01\x12\x67\x01\xbb\x04\0\0"s;

/// The proxy does not know its client, or knows it as that of a Unix socket.
const std::vector<std::string> unknown{
    "PROXY UNKNOWN\r\n",
    "PROXY UNKNOWN 203.0.113.7 192.0.2.1 4711 443\r\n",
    "\r\n\r\n\0\r\nQUIT\n\x21\0\0\0"s,
    "\r\n\r\n\0\r\nQUIT\n\x21\x31\0\xd8"s + std::string(216, 'x'),
};

/// A request in which a proxy names the client.
std::string from(const std::string& client, const std::string& rest = "\r\n") {
    return "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: " + client + "\r\n" + rest;
}

/// The head of a request whose body is missing.
std::string headFrom(const std::string& client) {
    return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nX-Forwarded-For: " + client + "\r\n\r\n";
}

/// With the proxies 10.0.0.0/8.
ServerLimits trusting(bool usesProxyProtocol, std::size_t perClient = 0) {
    ServerLimits limits;
    limits.proxies = std::make_shared<const ProxyTrust>(
        ProxyTrust{TrustedProxies({"10.0.0.0/8"}), ForwardedField::xForwardedFor, usesProxyProtocol});
    limits.maxConnectionsPerClient = perClient;
    return limits;
}

struct Clients : AccessObserver {
    void answered(const AccessRecord& record) noexcept override {
        clients.push_back(std::to_string(record.status) + " " + clientText(record.client));
    }
    void missedProxyHeader(const Poco::Net::SocketAddress& proxy) noexcept override {
        withoutHeader.push_back(clientText(proxy));
    }
    std::vector<std::string> clients;
    std::vector<std::string> withoutHeader;
};

/// Answers with the client.
struct Server : HandDrivenServer {
    explicit Server(const ServerLimits& limits, const TlsContextSource::Ptr& tls = nullptr,
                    std::shared_ptr<Clients> observer = nullptr)
        : HandDrivenServer(
              new FunctionFactory([](const test::Request&) {
                  return new FunctionHandler([](test::Request& request, test::Response& response) {
                      const auto text = clientText(request.clientAddress());
                      response.sendBuffer(text.data(), text.size());
                  });
              }),
              limits, std::move(observer), tls) {
        context().connections.setLimits(limits);
    }

    Client fromProxy() { return connect(true, "10.0.0.1"); }
};

/// The status and the body.
std::string answerOf(HandDrivenServer::Client& client) {
    const auto response = client.received();
    if (response.empty()) return client.isEnded() ? "closed" : "nothing";
    return response.substr(9, 3) + " " + response.substr(response.find("\r\n\r\n") + 4);
}

std::string answerTo(HandDrivenServer::Client& client, const std::string& bytes) {
    client.send(bytes);
    return answerOf(client);
}

std::string answerTo(HandDrivenServer::Client&& client, const std::string& bytes) {
    return answerTo(client, bytes);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ConnectionProxyTest)

BOOST_AUTO_TEST_CASE(AHeaderNamesTheClientOfTheConnection) {
    const auto observer = std::make_shared<Clients>();
    Server server(trusting(true), nullptr, observer);
    for (const auto& [header, client] :
         {std::pair{line, "203.0.113.7:4711"s}, std::pair{binary, "203.0.113.8:4711"s},
          std::pair{"PROXY TCP6 2001:db8::1 ::1 4711 443\r\n"s, "[2001:db8::1]:4711"s}}) {
        auto proxy = server.fromProxy();
        BOOST_TEST(answerTo(proxy, header + getRequest) == "200 " + client);
        BOOST_TEST(answerTo(proxy, getRequest) == "200 " + client, "the next request has none");
        BOOST_TEST(observer->clients.back() == "200 " + client);
    }
}

BOOST_AUTO_TEST_CASE(AProxyThatIsTrustedNoLongerNamesNobody) {
    Server server(trusting(true));
    auto proxy = server.fromProxy();
    BOOST_TEST(answerTo(proxy, line.substr(0, 10)) == "nothing");
    server.context().limits.replace(ServerLimits());
    BOOST_TEST(answerTo(proxy, line.substr(10) + getRequest).rfind("400 ", 0) == 0U);
}

BOOST_AUTO_TEST_CASE(AHeaderMayComeInParts) {
    for (const auto& header : {line, binary}) {
        for (std::size_t size = 0; size <= header.size(); ++size) {
            Server server(trusting(true));
            auto proxy = server.fromProxy();
            BOOST_TEST(answerTo(proxy, header.substr(0, size)) == "nothing");
            BOOST_TEST(answerTo(proxy, header.substr(size) + getRequest).rfind("200 203.0.113.", 0) == 0U,
                       size);
        }
        Server server(trusting(true));
        auto proxy = server.fromProxy();
        for (const char byte : header)
            BOOST_TEST(answerTo(proxy, {byte}) == "nothing");
        BOOST_TEST(answerTo(proxy, getRequest).rfind("200 203.0.113.", 0) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(AProxyMaySpeakForItself) {
    Server server(trusting(true));
    auto proxy = server.fromProxy();
    BOOST_TEST(answerTo(proxy, local + getRequest) == "200 10.0.0.1:1");
    BOOST_TEST(answerTo(proxy, from("192.0.2.9")) == "200 192.0.2.9", "and name clients in the field");
}

BOOST_AUTO_TEST_CASE(AClientThatItsProxyDoesNotKnowCannotNameItself) {
    const auto observer = std::make_shared<Clients>();
    for (const auto& header : unknown) {
        Server server(trusting(true), nullptr, observer);
        auto proxy = server.fromProxy();
        BOOST_TEST(answerTo(proxy, header + from("192.0.2.9")) == "200 10.0.0.1:1", header);
        BOOST_TEST(observer->clients.back() == "200 10.0.0.1:1", header);
        BOOST_TEST(answerTo(proxy, from("192.0.2.9")) == "200 10.0.0.1:1", "nor in a later request");
        server.context().limits.replace(trusting(false));
        BOOST_TEST(answerTo(proxy, from("192.0.2.9")) == "200 10.0.0.1:1", "nor after a reload");
    }
}

BOOST_AUTO_TEST_CASE(ClientsThatTheirProxyDoesNotKnowCountForNobody) {
    Server server(trusting(true, 1));
    std::vector<HandDrivenServer::Client> kept;
    for (const auto& header : unknown) {
        for (int i = 0; i < 2; ++i) {
            kept.push_back(server.fromProxy());
            BOOST_TEST(answerTo(kept.back(), header + headFrom("192.0.2.9")) == "nothing");
        }
    }
    auto named = server.connect(true, "192.0.2.9");
    BOOST_TEST(answerTo(named, getRequest) == "200 192.0.2.9:1");
    for (auto& client : kept)
        BOOST_TEST(answerTo(client, "x") == "200 10.0.0.1:1");
}

BOOST_AUTO_TEST_CASE(WithoutAHeaderTheConnectionOfAProxyIsClosed) {
    for (const auto& bytes : {getRequest, "G"s, "\x16\x03\x01"s, "PROXY TCP4 x y 1 2\r\n"s + getRequest,
                              local.substr(0, 12) + "\x31"s + "\0\0\0"s}) {
        const auto observer = std::make_shared<Clients>();
        Server server(trusting(true), nullptr, observer);
        BOOST_TEST(answerTo(server.fromProxy(), bytes) == "closed", bytes);
        BOOST_TEST(server.connections() == 0U);
        BOOST_TEST(server.counters().requests == 0U);
        BOOST_TEST(server.counters().withoutProxyHeader == 1U);
        BOOST_TEST(observer->withoutHeader == std::vector{"10.0.0.1:1"s}, boost::test_tools::per_element());
        BOOST_TEST(observer->clients.empty());
    }
}

BOOST_AUTO_TEST_CASE(AHeaderThatIsTooLongIsNone) {
    const auto ofLength = [](std::size_t length) {
        return "\r\n\r\n\0\r\nQUIT\n\x20\0"s + static_cast<char>(length >> 8U) +
               static_cast<char>(length & 0xffU) + std::string(length, 'x');
    };
    Server server(trusting(true));
    BOOST_TEST(answerTo(server.fromProxy(), ofLength(4096 - 16) + getRequest) == "200 10.0.0.1:1");
    BOOST_TEST(answerTo(server.fromProxy(), ofLength(4096 - 15) + getRequest) == "closed");
    BOOST_TEST(server.counters().withoutProxyHeader == 1U);
}

BOOST_AUTO_TEST_CASE(AConnectionThatEndsInItsHeaderIsClosed) {
    for (const auto& part : {""s, line.substr(0, 10), binary.substr(0, 20)}) {
        Server server(trusting(true));
        auto proxy = server.fromProxy();
        proxy.send(part);
        proxy.endWriting();
        BOOST_TEST(proxy.isEnded());
        BOOST_TEST(server.connections() == 0U);
        BOOST_TEST(server.counters().withoutProxyHeader == 0U, "as a check of the port does");
    }
}

BOOST_AUTO_TEST_CASE(AHeaderHasTheTimeOfAHead) {
    const auto limits = trusting(true);
    for (const auto& part : {""s, line.substr(0, 10), line}) {
        Server server(limits);
        auto proxy = server.fromProxy();
        proxy.send(part.substr(0, part.size() / 2));
        server.pass(limits.headerTimeout / 2);
        proxy.send(part.substr(part.size() / 2));
        BOOST_TEST(!proxy.isEnded());
        server.pass(limits.headerTimeout / 2);
        BOOST_TEST(answerOf(proxy) == "closed");
    }
}

BOOST_AUTO_TEST_CASE(OthersAreReadWithoutAHeaderAndMayNotSendOne) {
    Server server(trusting(true));
    auto other = server.connect(true, "192.0.2.5");
    BOOST_TEST(answerTo(other, getRequest) == "200 192.0.2.5:1");
    for (const auto& header : {line, binary, local})
        BOOST_TEST(answerTo(server.connect(true, "192.0.2.5"), header + getRequest).substr(0, 4) == "400 ");
}

BOOST_AUTO_TEST_CASE(WithoutTheProtocolAHeaderIsNoRequest) {
    Server server(trusting(false));
    BOOST_TEST(answerTo(server.fromProxy(), line + getRequest).substr(0, 4) == "400 ");
    Server unaware({});
    BOOST_TEST(answerTo(unaware.fromProxy(), binary + getRequest).substr(0, 4) == "400 ");
}

BOOST_AUTO_TEST_CASE(TlsBeginsBehindTheHeader) {
    const TestCertificate certificate;
    for (const auto& header : {line, binary}) {
        Server server(trusting(true), std::make_shared<ReplaceableTlsContext>(serverTlsContext(
                                          {certificate.certificateFile(), certificate.keyFile(), {}})));
        auto proxy = server.fromProxy();
        test::MemoryTlsClient tls(TLS1_3_VERSION, nullptr);
        const auto hello = tls.answer({});
        proxy.send(header.substr(0, 20));
        proxy.send(header.substr(20) + hello.substr(0, 10));
        proxy.send(hello.substr(10));
        const auto answer = tls.answer(proxy.received());
        BOOST_TEST(!answer.empty(), "the client's Finished");
        BOOST_TEST(!proxy.isEnded());
        proxy.send(answer);
        BOOST_TEST(!proxy.received().empty(), "tickets");
    }
}

BOOST_AUTO_TEST_CASE(AConnectionCountsForTheClientOfItsHeader) {
    Server server(trusting(true, 2));
    std::vector<HandDrivenServer::Client> kept;
    const auto open = [&](const std::string& header) -> HandDrivenServer::Client& {
        kept.push_back(server.fromProxy());
        kept.back().send(header);
        return kept.back();
    };
    kept.reserve(20);
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(answerTo(open(line), getRequest) == "200 203.0.113.7:4711");
    BOOST_TEST(answerOf(open(line)).substr(0, 4) == "503 ");
    BOOST_TEST(server.counters().rejected == 1U);
    BOOST_TEST(answerTo(server.connect(true, "203.0.113.7"), getRequest).substr(0, 4) == "503 ",
               "directly too");
    BOOST_TEST(answerTo(open(binary), getRequest) == "200 203.0.113.8:4711", "another one is free");
    for (int i = 0; i < 4; ++i)
        BOOST_TEST(answerTo(open(local), getRequest) == "200 10.0.0.1:1", "the proxy is exempt");
    kept.front().vanish();
    BOOST_TEST(answerTo(open(line), getRequest) == "200 203.0.113.7:4711");
}

BOOST_AUTO_TEST_CASE(TooManyConnectionsOverTlsAreClosed) {
    const TestCertificate certificate;
    Server server(trusting(true, 1), std::make_shared<ReplaceableTlsContext>(serverTlsContext(
                                         {certificate.certificateFile(), certificate.keyFile(), {}})));
    auto first = server.fromProxy();
    BOOST_TEST(answerTo(first, line) == "nothing");
    BOOST_TEST(answerTo(server.fromProxy(), line) == "closed");
    BOOST_TEST(server.counters().rejected == 1U);
}

BOOST_AUTO_TEST_CASE(TheTotalCountsBeforeTheHeader) {
    auto limits = trusting(true);
    limits.maxConnections = 2;
    Server server(limits);
    auto first = server.fromProxy();
    auto second = server.fromProxy();
    auto third = server.fromProxy();
    BOOST_TEST(answerOf(third).substr(0, 4) == "503 ");
    BOOST_TEST(answerTo(second, line + getRequest) == "200 203.0.113.7:4711");
}

BOOST_AUTO_TEST_CASE(RejectionsOfProxiedConnectionsAreLimitedToo) {
    Server server(trusting(true, 1));
    auto first = server.fromProxy();
    first.send(line);
    std::vector<HandDrivenServer::Client> rejected;
    for (int i = 0; i < 100; ++i) {
        rejected.push_back(server.fromProxy());
        BOOST_TEST(answerTo(rejected.back(), line).substr(0, 4) == "503 ");
    }
    BOOST_TEST(answerTo(server.fromProxy(), line) == "closed");
    BOOST_TEST(server.counters().rejected == 101U);
}

BOOST_AUTO_TEST_CASE(TheFieldOfAProxyNamesTheClientOfARequest) {
    const auto observer = std::make_shared<Clients>();
    Server server(trusting(false), nullptr, observer);
    auto proxy = server.fromProxy();
    BOOST_TEST(answerTo(proxy, from("6.6.6.6, 203.0.113.7")) == "200 203.0.113.7");
    BOOST_TEST(observer->clients.back() == "200 203.0.113.7");
    BOOST_TEST(answerTo(proxy, from("[2001:db8::1]:4711")) == "200 [2001:db8::1]:4711");
    BOOST_TEST(answerTo(proxy, getRequest) == "200 10.0.0.1:1", "nobody is remembered");
    BOOST_TEST(answerTo(proxy, from("x")) == "200 10.0.0.1:1");
    BOOST_TEST(answerTo(server.connect(true, "192.0.2.5"), from("203.0.113.7")) == "200 192.0.2.5:1");
    BOOST_TEST(observer->clients.back() == "200 192.0.2.5:1");
    Server unaware({});
    BOOST_TEST(answerTo(unaware.fromProxy(), from("203.0.113.7")) == "200 10.0.0.1:1");
}

BOOST_AUTO_TEST_CASE(TheFieldCountsIfTheClientOfTheHeaderIsAProxyToo) {
    Server server(trusting(true, 1));
    auto proxy = server.fromProxy();
    BOOST_TEST(answerTo(proxy, line + from("192.0.2.9")) == "200 203.0.113.7:4711");
    for (int i = 0; i < 3; ++i) {
        auto both = server.fromProxy();
        BOOST_TEST(answerTo(both, "PROXY TCP4 10.9.9.9 192.0.2.1 4711 443\r\n" + from("192.0.2.9")) ==
                   "200 192.0.2.9");
    }
}

BOOST_AUTO_TEST_CASE(ARefusalNamesTheClientIfTheHeadIsKnown) {
    const auto observer = std::make_shared<Clients>();
    auto limits = trusting(false);
    limits.maxBodyBytes = 1;
    Server server(limits, nullptr, observer);
    const auto lastOf = [&](const std::string& request) {
        answerTo(server.fromProxy(), request);
        return observer->clients.back();
    };
    BOOST_TEST(lastOf(from("203.0.113.7", "Content-Length: 2\r\n\r\n")) == "413 203.0.113.7");
    BOOST_TEST(lastOf(from("203.0.113.7", "Transfer-Encoding: chunked\r\n\r\nx\r\n")) == "400 203.0.113.7");
    // The proxy's own line may be among those that were not read.
    BOOST_TEST(lastOf(from("6.6.6.6", "Bad Name: x\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n")) ==
               "400 10.0.0.1:1");
    auto late = server.fromProxy();
    late.send(from("6.6.6.6", ""));
    server.pass(limits.headerTimeout);
    BOOST_TEST(observer->clients.back() == "408 10.0.0.1:1");
    auto waiting = server.fromProxy();
    waiting.send(headFrom("203.0.113.7"));
    server.pass(limits.bodyTimeout);
    BOOST_TEST(observer->clients.back() == "408 203.0.113.7");
}

BOOST_AUTO_TEST_CASE(RequestsOfAProxyCountForTheNamedClientFromTheHeadToTheResponse) {
    const auto observer = std::make_shared<Clients>();
    Server server(trusting(false, 2), nullptr, observer);
    auto first = server.fromProxy();
    auto second = server.fromProxy();
    first.send(headFrom("203.0.113.7"));
    second.send(headFrom("203.0.113.7"));
    auto third = server.fromProxy();
    BOOST_TEST(answerTo(third, from("203.0.113.7")).substr(0, 4) == "503 ");
    BOOST_TEST(observer->clients.back() == "503 203.0.113.7");
    BOOST_TEST(answerTo(server.fromProxy(), headFrom("203.0.113.7")).substr(0, 4) == "503 ",
               "before its body");
    BOOST_TEST(answerTo(server.connect(true, "203.0.113.7"), getRequest).substr(0, 4) == "503 ",
               "directly too");
    auto fourth = server.fromProxy();
    BOOST_TEST(answerTo(fourth, from("203.0.113.8")) == "200 203.0.113.8", "another one is free");
    BOOST_TEST(answerTo(first, "x") == "200 203.0.113.7");
    BOOST_TEST(answerTo(fourth, from("203.0.113.7")) == "200 203.0.113.7");
    BOOST_TEST(answerTo(fourth, from("203.0.113.7")) == "200 203.0.113.7", "it counts no longer");
    auto fifth = server.fromProxy();
    fifth.send(headFrom("203.0.113.7"));
    BOOST_TEST(answerTo(server.fromProxy(), from("203.0.113.7")).substr(0, 4) == "503 ");
    second.vanish();
    BOOST_TEST(answerTo(server.fromProxy(), from("203.0.113.7")) == "200 203.0.113.7");
}

BOOST_AUTO_TEST_CASE(ConnectionsOfAProxyAreExempt) {
    Server server(trusting(false, 1));
    std::vector<HandDrivenServer::Client> kept;
    for (int i = 0; i < 5; ++i)
        kept.push_back(server.fromProxy());
    for (auto& client : kept)
        BOOST_TEST(answerTo(client, getRequest) == "200 10.0.0.1:1");
    auto direct = server.connect(true, "192.0.2.5");
    BOOST_TEST(answerTo(server.connect(true, "192.0.2.5"), getRequest).substr(0, 4) == "503 ");
}

BOOST_AUTO_TEST_CASE(ChangedTrustAppliesToTheNextRequest) {
    Server server({});
    auto proxy = server.fromProxy();
    BOOST_TEST(answerTo(proxy, from("203.0.113.7")) == "200 10.0.0.1:1");
    server.context().limits.replace(trusting(false));
    BOOST_TEST(answerTo(proxy, from("203.0.113.7")) == "200 203.0.113.7");
    server.context().limits.replace(trusting(true));
    BOOST_TEST(answerTo(proxy, from("203.0.113.7")) == "200 203.0.113.7",
               "the open connection needs no header");
    BOOST_TEST(answerTo(server.fromProxy(), getRequest) == "closed");
    server.context().limits.replace({});
    BOOST_TEST(answerTo(proxy, from("203.0.113.7")) == "200 10.0.0.1:1");
}

BOOST_AUTO_TEST_CASE(AStoppingServerLeavesTimeForAHeader) {
    Server server(trusting(true));
    auto proxy = server.fromProxy();
    proxy.send(line.substr(0, 5));
    server.drain();
    BOOST_TEST(answerTo(proxy, line.substr(5) + getRequest) == "200 203.0.113.7:4711");
    server.abort();
    BOOST_TEST(server.connections() == 0U);
    BOOST_TEST(server.context().memory.used() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
