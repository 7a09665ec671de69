#include <boost/test/unit_test.hpp>
#include <string>

#include "changebank/daemon/http/loop/Connection.h"
#include "changebank/daemon/http/socket/ServerTlsContext.h"
#include "tests/support/TestCertificate.h"
#include "tests/unit/daemon/http/HandDrivenServer.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank::http;
using namespace changebank::http::test;
using changebank::tests::TestCertificate;
using namespace std::chrono_literals;

namespace {

const TestCertificate& certificate() {
    static const TestCertificate made;
    return made;
}

ServerLimits strictLimits() {
    auto limits = testLimits();
    limits.hstsMaxAge = 4320h;
    return limits;
}

ServerParams::Ptr paramsWith(const ServerLimits& limits, bool tls = true) {
    ServerParams::Ptr params(new ServerParams(limits));
    if (tls) {
        params->setTlsContextSource(std::make_shared<ReplaceableTlsContext>(
            serverTlsContext({certificate().certificateFile(), certificate().keyFile(), {}})));
    }
    return params;
}

Poco::Net::HTTPRequestHandler* makeEcho(const Request&) {
    return new FunctionHandler(echo);
}

std::string requestTo(const std::string& host) {
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

std::string strictness(const RawResponse& response) {
    return response.field("Strict-Transport-Security");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ConnectionTlsTest)

BOOST_AUTO_TEST_CASE(EveryResponseOverTlsIsStrict) {
    TestServer server(makeEcho, paramsWith(strictLimits()));
    auto client = RawClient::tls(server.port());
    BOOST_TEST(strictness(client.exchange(requestTo("api.example.com"))) == "max-age=15552000");
    BOOST_TEST(strictness(client.exchange(requestTo("api.example.com:8443"))) == "max-age=15552000");
    const auto late = client.exchange("GET / HTTP/1.1\r\nHost: api.example.com\r\nHost: b\r\n\r\n");
    BOOST_TEST(late.status == 400);
    BOOST_TEST(strictness(late) == "max-age=15552000", "an error of the server's own");
    const auto nameless = RawClient::tls(server.port()).exchange("nonsense\r\n\r\n");
    BOOST_TEST(nameless.status == 400);
    BOOST_TEST(strictness(nameless) == "max-age=15552000", "a host that nobody knows is no loopback name");
}

BOOST_AUTO_TEST_CASE(NoResponseForALoopbackNameIsStrict) {
    TestServer server(makeEcho, paramsWith(strictLimits()));
    auto client = RawClient::tls(server.port());
    for (const auto* host : {"localhost", "LOCALHOST:3000", "api.localhost", "127.0.0.1:3000", "[::1]"})
        BOOST_TEST(strictness(client.exchange(requestTo(host))) == "-", host);
    BOOST_TEST(strictness(client.exchange("GET https://localhost/ HTTP/1.1\r\nHost: a.example\r\n\r\n")) ==
               "-");
}

// A browser whose request is refused before its Host is read has said in the handshake whom it wants.
BOOST_AUTO_TEST_CASE(TheHandshakeNamesTheHostOfARequestWithoutOne) {
    TestServer server(makeEcho, paramsWith(strictLimits()));
    for (const auto& [name, expected] :
         {std::pair{"localhost", "-"}, std::pair{"api.example.com", "max-age=15552000"}}) {
        const auto response = RawClient::tlsTo(name, server.port()).exchange("nonsense\r\n\r\n");
        BOOST_TEST(response.status == 400);
        BOOST_TEST(strictness(response) == expected, name);
    }
}

BOOST_AUTO_TEST_CASE(NothingIsStrictWithoutTlsOrMaxAge) {
    TestServer plain(makeEcho, paramsWith(strictLimits(), false));
    BOOST_TEST(strictness(plain.connect().exchange(requestTo("api.example.com"))) == "-");
    TestServer lax(makeEcho, paramsWith(testLimits()));
    BOOST_TEST(strictness(RawClient::tls(lax.port()).exchange(requestTo("api.example.com"))) == "-");
}

BOOST_AUTO_TEST_CASE(PlainHttpIsToldWhatThePortSpeaks) {
    TestServer server(makeEcho, paramsWith(strictLimits()));
    for (const std::string request :
         {"GET /secret HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer x\r\n\r\n", "POST ",
          "GET / HTTP/1.0\r\n\r\n", "DELETE /\x16\x03\x01"}) {
        auto client = server.connect();
        const auto response = client.exchange(request);
        BOOST_TEST(response.head.starts_with("HTTP/1.1 400 Bad Request\r\n"));
        BOOST_TEST(response.body == R"({"error":"This port speaks HTTPS: use https://"})");
        BOOST_TEST(response.field("Content-Type") == "application/json; charset=utf-8");
        BOOST_TEST(response.field("Connection") == "close");
        BOOST_TEST(strictness(response) == "-", "it did not come over TLS (RFC 6797 section 7.2)");
        BOOST_TEST(response.head.find("secret") == std::string::npos);
        BOOST_TEST(response.field("Location") == "-");
        BOOST_TEST(client.isEnded());
    }
    BOOST_TEST(server.requests() == 0);
    BOOST_TEST(RawClient::tls(server.port()).exchange(requestTo("a")).status == 200);
}

BOOST_AUTO_TEST_CASE(PlainHttpMayComeInParts) {
    TestServer server(makeEcho, paramsWith(testLimits()));
    auto client = server.connect();
    for (const auto* part : {"G", "E", "T"}) {
        client.send(part);
        BOOST_TEST(client.isQuiet(30ms));
    }
    BOOST_TEST(client.exchange(" ").status == 400);
    BOOST_TEST(client.isEnded());
}

BOOST_AUTO_TEST_CASE(WhatNeverBecomesARequestOrAHandshakeIsClosed) {
    auto limits = testLimits();
    limits.headerTimeout = 200ms;
    TestServer server(makeEcho, paramsWith(limits));
    auto slow = server.connect();
    slow.send("GET");
    BOOST_TEST(slow.isEnded());
    auto other = server.connect();
    other.send(std::string(40, 'G') + " / HTTP/1.1\r\n\r\n");
    BOOST_TEST(other.readToEnd().find("HTTP/1.1") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(APlainRequestLeavesNoMemoryCounted) {
    HandDrivenServer server(new FunctionFactory(makeEcho), testLimits(), nullptr,
                            paramsWith(testLimits())->tlsContextSource());
    {
        auto client = server.connect();
        const auto before = server.context().memory.used();
        client.send("GET / HTTP/1.1\r\n");
        BOOST_TEST(client.received().starts_with("HTTP/1.1 400 "));
        BOOST_TEST(server.context().memory.used() < before, "the memory of TLS is free");
        client.endWriting();
    }
    BOOST_TEST(server.connections() == 0U);
    BOOST_TEST(server.context().memory.used() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
